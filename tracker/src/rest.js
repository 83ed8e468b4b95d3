/**
 * All of the tracker but what cannot wait (index.js). build.mjs makes it the function rest(HOW, HREF, BEGAN): how the
 * view came about, its address, and when it began by performance.now(). Gives the commands of netiv().
 */
import {startClicks, startSigns} from './click.js';
import {exposure, startDataLayer, track} from './custom.js';
import {startEngagement} from './engagement.js';
import {startErrors} from './errors.js';
import {startForms} from './form.js';
import {later} from './guard.js';
import {startLifecycle} from './lifecycle.js';
import {startNavigation, view} from './pageview.js';
import {begin, emit, send} from './queue.js';
import {consent, identify, signal, unique} from './visitor.js';
import {startVitals} from './vitals.js';

/* global HOW, HREF, BEGAN */
const said = signal();

if (said) {
  // Counted as one who asked not to be measured; nothing else is said of the visit.
  begin({view: unique(), url: location.origin, title: ''});
  emit('opt_out', {signal: said});
  later(send, 0);
} else {
  startLifecycle();
  startNavigation();
  startClicks();
  startErrors();
  view(HOW, HREF, BEGAN);
  later(() => {
    startForms();
    startEngagement();
    startVitals();
    startDataLayer();
    startSigns();
  }, 0);
}

export const commands = said ? {} : {track, consent, identify, exposure};
