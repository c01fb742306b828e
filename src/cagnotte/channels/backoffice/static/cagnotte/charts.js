"use strict";

// Draws every [data-chart] from the JSON beside it, in the colours of the page, and again when they change.

(() => {
  const root = document.documentElement;
  const motionless = matchMedia("(prefers-reduced-motion: reduce)");

  // ECharts reads rgb() only; the page's colours are written as oklch().
  function rgb(colour) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 1;
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
    return `rgba(${red}, ${green}, ${blue}, ${alpha / 255})`;
  }

  function colours() {
    const style = getComputedStyle(root);
    const named = (name) => rgb(style.getPropertyValue(name).trim());
    return {
      series: ["--cg-series-1", "--cg-series-2", "--cg-series-3"].map(named),
      text: named("--cg-text"),
      subtle: named("--cg-subtle"),
      line: named("--cg-line"),
      panel: named("--cg-panel"),
    };
  }

  function writers(unit) {
    const language = root.lang || "en";
    const money = unit ? { style: "currency", currency: unit } : {};
    const short = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1, ...money });
    return (value) => short.format(value);
  }

  function options(chart) {
    const { series, text, subtle, line, panel } = colours();
    const short = writers(chart.unit);
    return {
      animation: !motionless.matches,
      animationDuration: 400,
      color: series,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 4, right: 8, top: chart.series.length > 1 ? 36 : 16, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      legend: {
        show: chart.series.length > 1, top: 0, left: 0, icon: "roundRect", itemWidth: 10, itemHeight: 10, textStyle: { color: text },
      },
      tooltip: {
        trigger: "axis", axisPointer: { type: "shadow" }, backgroundColor: panel, borderColor: line, textStyle: { color: text },
        formatter: (points) => tip(chart, points),
      },
      xAxis: {
        type: "category", data: chart.labels, axisTick: { show: false },
        axisLine: { lineStyle: { color: line } }, axisLabel: { color: subtle, hideOverlap: true },
      },
      yAxis: { type: "value", splitLine: { lineStyle: { color: line } }, axisLabel: { color: subtle, formatter: short } },
      series: chart.series.map((each) => drawn(each, chart.whole)),
    };
  }

  // A month that lies only partly in the period is paler: its bar is not to be compared.
  function drawn(series, whole) {
    const data = series.values.map((value, index) => ({ value, itemStyle: { opacity: whole[index] ? 1 : 0.4 } }));
    return {
      name: series.name, type: "bar", data, stack: series.stack ?? undefined, barMaxWidth: 26, itemStyle: { borderRadius: [3, 3, 0, 0] },
    };
  }

  // Built from elements, not from text: a programme's names are other people's words.
  function tip(chart, points) {
    const box = document.createElement("div");
    const heading = box.appendChild(document.createElement("strong"));
    heading.textContent = points[0].name;
    for (const point of points) {
      const row = box.appendChild(document.createElement("div"));
      const dot = row.appendChild(document.createElement("span"));
      dot.className = "cg-dot";
      dot.style.background = point.color;
      row.append(`${point.seriesName}: ${chart.series[point.seriesIndex].written[point.dataIndex]}`);
    }
    return box;
  }

  function draw(place) {
    const chart = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    const drawing = echarts.init(place, null, { renderer: "svg" });
    const paint = () => drawing.setOption(options(chart), true);
    paint();
    new ResizeObserver(() => drawing.resize()).observe(place);
    new MutationObserver(paint).observe(root, { attributes: true, attributeFilter: ["class"] });
  }

  document.querySelectorAll("[data-chart]").forEach(draw);
})();
