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

const start = (how) => {
  const early = self.netiv?.q || [];
  if (self.netiv?.on) return; // the snippet stands in the page twice
  const said = signal();
  const netiv = self.netiv = guard((command, ...values) => said || commands[command](...values));
  netiv.on = 1;
  if (said) {
    // Counted as one who asked not to be measured; nothing else is said of the visit.
    begin({view: unique(), url: location.origin, title: ''});
    emit('opt_out', {signal: said});
    later(send, 0);
    return;
  }
  startLifecycle();
  startNavigation();
  startClicks();
  startForms();
  startEngagement();
  startErrors();
  view(how);
  early.map((call) => netiv(...call)); // made before this script came
  later(() => {
    startVitals();
    startDataLayer();
    startSigns();
  }, 0);
};

// A prerendered page is nobody's view until it is shown.
if (document.prerendering) on('prerenderingchange', () => start('activate'));
else start(); // a load
