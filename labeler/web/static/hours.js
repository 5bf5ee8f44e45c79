// Draws the chart of a run; the table below it says the same.
(() => {
  // A canvas knows no variables and no light-dark(): an element says what has come of them.
  function colour(place, name) {
    const probe = place.appendChild(document.createElement("i"));
    probe.style.color = `var(${name})`;
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  }

  function draw(place) {
    const points = JSON.parse(place.dataset.points);
    const ink = colour(place, "--tblr-secondary-color");
    const bars = colour(place, "--tone-busy");
    const grid = { stroke: colour(place, "--tblr-border-color"), width: 1 };
    const step = Number(place.dataset.step);
    const language = document.documentElement.lang;
    const clock = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
      timeZone: place.dataset.zone, // the site's, whatever the browser's is
      day: "numeric",
      month: "short",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    const said = (moment) => clock.format(new Date(moment * 1000));
    const axis = { stroke: ink, grid, ticks: grid };
    const options = {
      width: place.clientWidth,
      height: 280,
      padding: [null, 40, null, null], // half a time, which stands below the last bar
      cursor: { show: false },
      legend: { show: false },
      scales: {
        x: { range: [points[0][0] - step * 0.6, points[0].at(-1) + step * 0.6] },
        y: { range: (_, low, high) => [0, Math.max(high, 1)] },
      },
      axes: [{ ...axis, space: 110, values: (_, moments) => moments.map(said) }, { ...axis, size: 60 }],
      series: [
        {},
        {
          label: place.dataset.label,
          paths: uPlot.paths.bars({ size: [0.8, 60] }),
          points: { show: false },
          fill: bars,
          stroke: bars,
          width: 0, // an hour without a serial has no line either
        },
      ],
    };
    place.replaceChildren();
    new uPlot(options, points, place);
  }

  const all = () => document.querySelectorAll(".chart[data-points]").forEach(draw);
  all();
  let waits = 0;
  addEventListener("resize", () => {
    clearTimeout(waits);
    waits = setTimeout(all, 150);
  });
  document.addEventListener("htmx:afterSwap", all);
})();
