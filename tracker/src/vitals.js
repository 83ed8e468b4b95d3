/**
 * Emits `vitals` once a document, when it is first hidden or left: LCP, INP, CLS, FCP and TTFB.
 *
 * Defined as in Google's web-vitals: counted from activation, paints only before the page was first hidden, CLS
 * the worst window of 5 s with gaps under 1 s, INP the worst interaction, leaving out one for every 50.
 */
import {guard, observe} from './guard.js';
import {onLeave, onView} from './lifecycle.js';
import {emit} from './queue.js';

let vitals = {}, slow, reported;
let shift, shiftFrom, shiftLast;
let hidden;

const fromActivation = (time) => Math.max(0, time - (performance.getEntriesByType('navigation')[0]?.activationStart || 0));

const paint = (key) => ({name, startTime}) => {
  if (name != 'first-paint' && startTime < hidden) vitals[key] = fromActivation(startTime);
};

const shifted = ({hadRecentInput, startTime, value}) => {
  if (hadRecentInput) return;
  if (startTime - shiftLast < 1000 && startTime - shiftFrom < 5000) {
    shift += value;
  } else {
    shift = value;
    shiftFrom = startTime;
  }
  shiftLast = startTime;
  vitals.cls = Math.max(vitals.cls, shift);
};

const interacted = ({interactionId, duration}) => {
  if (interactionId) slow.set(interactionId, Math.max(duration, slow.get(interactionId) || 0));
};

export const startVitals = () => {
  vitals.ttfb = fromActivation(performance.getEntriesByType('navigation')[0].responseStart);
  observe('paint', paint('fcp'));
  observe('largest-contentful-paint', paint('lcp'));
  if (observe('layout-shift', shifted)) vitals.cls = 0;
  observe('event', interacted, {durationThreshold: 40});
  observe('first-input', interacted);
};

onView((how) => {
  if (how == 'navigate') return; // the document is the same: its figures are its first view's
  slow = new Map();
  reported = 0;
  shiftLast = -1000;
  hidden = document.hidden ? 0 : Infinity;
  if (how == 'restore') {
    const began = performance.now();
    vitals = {cls: vitals.cls != null ? 0 : undefined};
    // The frame after next has been painted: the first and largest paint of a page that was whole already.
    requestAnimationFrame(() => requestAnimationFrame(guard(() => {
      vitals.lcp = vitals.fcp = performance.now() - began;
    })));
  }
});

onLeave(() => {
  hidden = Math.min(hidden, performance.now());
  if (reported) return;
  reported = 1;
  const slowest = [...slow.values()].sort((a, b) => b - a);
  vitals.inp = slowest[Math.min(slowest.length - 1, Math.floor(performance.interactionCount / 50) || 0)];
  emit('vitals', vitals);
});
