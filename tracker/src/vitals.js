/**
 * Emits `vitals` once a document, when it is first hidden or left: LCP, INP, CLS, FCP and TTFB.
 *
 * Defined as in Google's web-vitals: counted from activation, paints only of a page that was visible from the start, CLS
 * the worst window of 5 s with gaps under 1 s, INP the worst interaction, leaving out one for every 50.
 */
import {guard} from './guard.js';
import {emit} from './queue.js';

const PAINTS = {'first-contentful-paint': 'fcp', 'largest-contentful-paint': 'lcp'};

let vitals, slow, hidden, reported;
let shift, shiftFrom, shiftLast;

const [document_] = performance.getEntriesByType('navigation');

const fromActivation = (time) => Math.max(0, time - (document_.activationStart || 0));

const measured = (entry) => {
  const {startTime, value, interactionId: id} = entry;
  const paint = PAINTS[entry.name || entry.entryType];
  if (paint && !hidden) vitals[paint] = fromActivation(startTime);
  if (id) slow[id] = Math.max(entry.duration, slow[id] || 0);
  if (value && !entry.hadRecentInput) {
    if (startTime - shiftLast > 1000 || startTime - shiftFrom > 5000) {
      shift = 0;
      shiftFrom = startTime;
    }
    shiftLast = startTime;
    shift += value;
    vitals.cls = Math.max(vitals.cls, shift);
  }
};

export const startVitals = () => {
  vitals.ttfb = fromActivation(document_.responseStart);
  const observer = new PerformanceObserver(guard((list) => list.getEntries().map(measured)));
  PerformanceObserver.supportedEntryTypes.map((type) => {
    if (/paint|layout|event|input/.test(type)) observer.observe({type, buffered: true, durationThreshold: 40});
  });
};

export const resetVitals = () => {
  slow = {};
  reported = 0;
  shiftLast = -1000;
  hidden = document.hidden;
  // Nothing of a restored page was loaded or painted anew; its shifts and answers count again.
  vitals = {cls: self.LayoutShift && 0};
};

export const reportVitals = () => {
  if (reported) return;
  reported = 1;
  const slowest = Object.values(slow).sort((a, b) => b - a);
  vitals.inp = slowest[Math.min(slowest.length - 1, performance.interactionCount / 50 | 0)];
  emit('vitals', vitals);
};
