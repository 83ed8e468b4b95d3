/**
 * Netiv's tracker: what happens in the visitor's browser, for the owner's own server and for nobody else.
 *
 * Evaluation does next to nothing: no storage, cookie, layout or network. What a visitor may do at once is
 * listened to at once; the rest starts in the first idle moment.
 */
import {startClicks, startSigns} from './click.js';
import {startDataLayer, track} from './custom.js';
import {startEngagement} from './engagement.js';
import {startErrors} from './errors.js';
import {startForms} from './form.js';
import {guard, later, on} from './guard.js';
import {startLifecycle} from './lifecycle.js';
import {startNavigation, view} from './pageview.js';
import {begin, emit, send} from './queue.js';
import {consent, identify, signal, unique} from './visitor.js';
import {startVitals} from './vitals.js';

const commands = {track, consent, identify};

/** netiv('track', …): calls made before this script came wait in the stub's `q`. */
const answer = () => {
  const early = self.netiv?.q || [];
  const netiv = self.netiv = guard((command, ...values) => commands[command](...values));
  netiv.on = 1;
  early.forEach((call) => netiv(...call));
};

const start = (how) => {
  if (self.netiv?.on) return; // the snippet stands in the page twice
  const said = signal();
  if (said) {
    // Counted as one who asked not to be measured; nothing else is said of the visit.
    begin({view: unique(), url: location.origin, title: ''});
    emit('opt_out', {signal: said});
    later(send, 0);
    self.netiv = () => {};
    netiv.on = 1;
    return;
  }
  startLifecycle();
  startNavigation();
  startClicks();
  startForms();
  startEngagement();
  startErrors();
  view(how);
  answer();
  later(() => {
    startVitals();
    startDataLayer();
    startSigns();
  }, 0);
};

// A prerendered page is nobody's view until it is shown.
if (document.prerendering) on(document, 'prerenderingchange', () => start('activate'));
else start('load');
