// Draws the chart of a run; the table below it says the same.
(() => {
  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function draw(place) {
    const points = JSON.parse(place.dataset.points);
    const ink = style("--tblr-secondary-color");
    const grid = { stroke: style("--tblr-border-color"), width: 1 };
    const step = Number(place.dataset.step);
    const clock = new Intl.DateTimeFormat(document.documentElement.lang, {
      timeZone: place.dataset.zone, // the site's, whatever the browser's is
      day: "2-digit",
      month: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    const said = (moment) => clock.format(new Date(moment * 1000));
    const axis = { stroke: ink, grid, ticks: grid };
    const options = {
      width: place.clientWidth,
      height: 280,
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
          fill: style("--tone-busy"),
          stroke: style("--tone-busy"),
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
