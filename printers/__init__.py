"""A printing library: labels in millimetres, languages that draw them, transports that carry them.

label = Label(name="unit", width_mm=70, height_mm=40, elements=(...))
form = languages.load("zpl").compile(label, device=Device(dpi=203))
with transports.connect("tcp://10.0.0.7:9100", timeout_s=5) as printer:
    printer.write(form.render({"serial": "AC-0001"}), name="job-1.zpl", timeout_s=5)
"""
