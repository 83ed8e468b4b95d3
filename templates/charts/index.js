/**
 * Draws every [data-picture] of the page from the JSON block it names. The picture repeats a table that
 * stands under it, so a page without this script says the same.
 */
import {LineChart} from 'echarts/charts';
import {AriaComponent, GridComponent, TooltipComponent} from 'echarts/components';
import {init, use} from 'echarts/core';
import {SVGRenderer} from 'echarts/renderers';

import {days} from './days.js';
import {colours} from './theme.js';

use([LineChart, GridComponent, TooltipComponent, AriaComponent, SVGRenderer]);

const kinds = {days};

for (const place of document.querySelectorAll('[data-picture]')) show(place);

function show(place) {
  const data = JSON.parse(document.getElementById(place.dataset.from).textContent);
  const chart = init(place, null, {renderer: 'svg'});
  const draw = () => chart.setOption(kinds[place.dataset.picture](data, look(place)), true);
  draw();
  new ResizeObserver(() => { chart.resize(); draw(); }).observe(place);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
}

function look(place) {
  return {
    ...colours(place),
    mirrored: document.documentElement.dir === 'rtl',
    language: document.documentElement.lang,
    width: place.clientWidth,
    still: matchMedia('(prefers-reduced-motion: reduce)').matches,
  };
}
