/**
 * Netiv's tracker: what happens in the visitor's browser, for the owner's own server and for nobody else.
 *
 * Evaluation does next to nothing: no storage, cookie, layout or network. What a visitor may do at once is
 * listened to at once; the rest starts in the first idle moment.
 */
import {startClicks, startSigns} from './click.js';
import {exposure, startDataLayer, track, variant} from './custom.js';
import {startEngagement} from './engagement.js';
import {startErrors} from './errors.js';
import {startForms} from './form.js';
import {guard, later, on} from './guard.js';
import {startLifecycle} from './lifecycle.js';
import {startNavigation, view} from './pageview.js';
import {begin, emit, send} from './queue.js';
import {consent, identify, signal, unique} from './visitor.js';
import {startVitals} from './vitals.js';

const start = (how) => {
  // hear is the second script's: experiment.js
  const {q: early = [], on: there, hear} = self.netiv || {};
  if (there) return; // the snippet stands in the page twice
  const said = signal();
  const commands = said ? {variant} : {track, consent, identify, exposure, variant};
  const netiv = self.netiv = guard((...call) => (hear?.(...call) || [commands[call[0]](...call.slice(1))])[0]);
  netiv.on = 1;
  if (said) {
    // Counted as one who asked not to be measured; nothing else is said of the visit.
    begin({view: unique(), url: location.origin, title: ''});
    emit('opt_out', {signal: said});
    later(send, 0);
    early.map((call) => netiv(...call));
    return;
  }
  startLifecycle();
  startNavigation();
  startClicks();
  startErrors();
  view(how);
  early.map((call) => netiv(...call)); // made before this script came
  later(() => {
    startForms();
    startEngagement();
    startVitals();
    startDataLayer();
    startSigns();
  }, 0);
};

// A prerendered page is nobody's view until it is shown.
const ready = () => document.prerendering ? on('prerenderingchange', () => start('activate')) : start(); // a load

// A second script that is still on its way holds the paint back too, and may lead to another address: then this is no view.
const second = document.getElementById('netiv-x');
if (second) on('load error', ready, second);
else ready();
