/* Draws the cockpit's charts from the data beside them; the tables below say the same without script. */

(() => {
  "use strict";

  const source = document.getElementById("cockpit-data");
  if (!source || !window.echarts) return;
  const data = JSON.parse(source.textContent);
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const style = getComputedStyle(document.body);
  const ink = style.getPropertyValue("--tblr-body-color") || "#182433";
  const shared = { animation: !still, textStyle: { color: ink, fontFamily: style.fontFamily }, tooltip: { renderMode: "richText" } };
  const levels = [...document.querySelectorAll(".heat thead .level")].map((item) => item.textContent.trim());

  const heat = () => ({
    ...shared,
    grid: { left: 8, right: 24, top: 8, bottom: 48, containLabel: true },
    xAxis: { type: "category", data: levels, splitArea: { show: true } },
    yAxis: { type: "category", data: data.kinds.map((kind) => kind.id), inverse: true },
    visualMap: { min: 0, max: 100, orient: "horizontal", left: "center", bottom: 0, calculable: false, inRange: { color: ["#e9b9b2", "#f1dca7", "#9fd0a4"] }, textStyle: { color: ink } },
    series: [{
      type: "heatmap",
      data: data.cells.filter((cell) => cell.percent !== null).map((cell) => ({
        value: [data.levels.indexOf(cell.level), data.kinds.findIndex((kind) => kind.id === cell.kind), cell.percent],
        url: cell.url,
        name: data.kinds.find((kind) => kind.id === cell.kind).name,
      })),
      label: { show: true, formatter: (point) => `${point.value[2]} %`, color: "#182433" },
      tooltip: { formatter: (point) => `${point.name}: ${point.value[2]} %` },
    }],
  });

  const trend = () => ({
    ...shared,
    tooltip: { trigger: "axis", renderMode: "richText" },
    grid: { left: 8, right: 16, top: 16, bottom: 8, containLabel: true },
    xAxis: { type: "category", data: data.trend.map(([day]) => day) },
    yAxis: { type: "value", min: 0, max: 100 },
    series: [{ type: "line", data: data.trend.map(([, total]) => total), symbolSize: 8 }],
  });

  for (const place of document.querySelectorAll("[data-chart]")) {
    place.hidden = false;
    const chart = window.echarts.init(place, null, { renderer: "svg" });
    chart.setOption(place.dataset.chart === "heat" ? heat() : trend());
    chart.on("click", (point) => { if (point.data && point.data.url) window.location.assign(point.data.url); });
    window.addEventListener("resize", () => chart.resize());
  }
})();
