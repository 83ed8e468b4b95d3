/**
 * One measure day by day as an area, the period before as a dashed line over the same days.
 * Takes {labels, kind, currency, series: [{name, values, texts, days, before}]}; in a page read from right to
 * left time runs from right to left too.
 */
import {axisNumber, upright} from './format.js';

export function days(data, look) {
  return {
    animation: !look.still,
    animationDuration: 300,
    textStyle: {fontFamily: look.font, fontSize: 12},
    aria: {enabled: false},
    grid: {top: 12, bottom: 26, left: look.mirrored ? 10 : 46, right: look.mirrored ? 46 : 10},
    tooltip: tooltip(data, look),
    xAxis: {
      type: 'category', data: data.labels, inverse: look.mirrored, boundaryGap: false,
      axisLine: {lineStyle: {color: look.line}}, axisTick: {show: false},
      axisLabel: {color: look.ink3, hideOverlap: true, interval: every(data.labels.length, look.width), formatter: (text) => upright(text, look.mirrored)},
    },
    yAxis: {
      type: 'value', position: look.mirrored ? 'right' : 'left', splitNumber: 4, minInterval: data.kind === 'count' ? 1 : 0,
      splitLine: {lineStyle: {color: look.line}},
      axisLabel: {color: look.ink3, formatter: axisNumber(data.kind, look.language, data.currency)},
    },
    series: data.series.map((series) => line(series, look)),
  };
}

function line(series, look) {
  const colour = series.before ? look.orange : look.blue;
  return {
    type: 'line', name: series.name, data: series.values, z: series.before ? 3 : 2,
    symbol: 'circle', symbolSize: 6, showSymbol: series.values.length === 1, connectNulls: false,
    itemStyle: {color: colour},
    lineStyle: {color: colour, width: series.before ? 1.5 : 2, type: series.before ? [4, 4] : 'solid'},
    areaStyle: series.before ? undefined : {color: look.blueWash, opacity: .75},
    emphasis: {disabled: true},
  };
}

function tooltip(data, look) {
  return {
    trigger: 'axis', renderMode: 'richText', confine: true,
    backgroundColor: look.surface, borderColor: look.lineStrong, borderWidth: 1, padding: [8, 12],
    textStyle: {color: look.ink, fontFamily: look.font, fontSize: 13, lineHeight: 20, align: look.mirrored ? 'right' : 'left'},
    axisPointer: {type: 'line', lineStyle: {color: look.lineStrong, type: 'solid'}},
    formatter: (points) => points.map(({seriesIndex, dataIndex}) => said(data.series[seriesIndex], dataIndex))
      .filter(Boolean).map((text) => upright(text, look.mirrored)).join('\n'),
  };
}

function said(series, index) {
  return series.texts[index] && `${series.days[index]}: ${series.texts[index]}`;
}

/** Show every n-th label so that each has about 64 pixels. */
function every(count, width) {
  return Math.max(0, Math.ceil(count / Math.max(1, Math.floor(width / 64))) - 1);
}
