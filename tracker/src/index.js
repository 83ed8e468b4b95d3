/**
 * Netiv's tracker: what happens in the visitor's browser, for the owner's own server and for nobody else.
 *
 * Evaluation does next to nothing: no storage, cookie, layout or network. This part answers calls and hears what may end
 * the view. All else is one function, rest.js, that the browser need not even read well before it is called: in the
 * first idle moment, or sooner if something happens or is said.
 */
import './config.js'; // which script this is can be asked only now
import {guard, later, listen, on} from './guard.js';

/* global rest */ // put in by build.mjs

const start = (how) => {
  // hear is the second script's: experiment.js
  const {q: early = [], on: there, hear} = self.netiv || {};
  if (there) return; // the snippet stands in the page twice
  const began = performance.now(), {href} = location;
  let commands;

  const run = guard((...call) => {
    const [name, key, value] = call;
    const answer = hear?.(...call);
    if (answer) return answer[0];
    // Where there is no second script, or it did not come in time, everybody sees the control.
    if (name == 'variant') return value?.();
    wake();
    return commands[name](key, value);
  });
  self.netiv = run;
  run.on = 1;

  const wake = () => {
    if (commands) return;
    commands = {};
    commands = rest(how, href, began);
    early.map((call) => call[0] == 'variant' || run(...call)); // made before this script came
  };
  early.map((call) => call[0] == 'variant' && run(...call)); // somebody waits for it
  on('click auxclick error unhandledrejection visibilitychange pagehide', wake);
  // Without it history is patched, and that cannot wait. Whom nobody looks at nothing holds up.
  if (!self.navigation || document.hidden) wake();
  else {
    on('navigate currententrychange', wake, navigation);
    later(wake, 0);
  }
};

// A prerendered page is nobody's view until it is shown.
const ready = () => document.prerendering ? on('prerenderingchange', () => start('activate')) : start(); // a load

// A second script that is still on its way holds the paint back too, and may lead to another address: then this is no view.
const second = document.getElementById('netiv-x');
if (second) listen('add', 'load error', guard(ready), second);
else ready();
