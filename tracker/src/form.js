/**
 * Emits `form` (view, start, submit, abandon) and `field`, one for each stay in a field and each refused value.
 *
 * That something was typed, never what: a field's value is asked one thing, whether it is empty, and of a
 * sensitive field not even that. Of those nothing is sent but that they were entered and left.
 */
import {last} from './click.js';
import {trackElement} from './custom.js';
import {attribute, isChoice, isField, label, matches, pathOf, where} from './dom.js';
import {acted} from './engagement.js';
import {guard, later, on} from './guard.js';
import {emit} from './queue.js';

const SECOND = 1000;

// Types, autocomplete tokens, names and labels of passwords, cards, codes, identity and telephone numbers.
const SENSITIVE = /pass|pwd|\bcc|cv[cv]|card|iban|one-time|\b(otp|pin|ssn|tel|tz|id)\b|id.?num|zehut|phone|mobile|סיסמ|אימות|כרטיס|אשראי|ת["״.]ז|זהות|דרכון|טלפון|נייד/i;

let forms; // what each form went through in this view
let stay; // in the field that has the focus
let scanning;
const answered = new WeakSet(); // fields that were left with something in them

const nameOf = (element) => (attribute(element, 'data-netiv-name') || attribute(element, 'name') || attribute(element, 'id') || where(element)).slice(-100);

const stateOf = (form) => {
  if (!forms.has(form)) forms.set(form, {_touched: new Set()});
  return forms.get(form);
};

const tell = (kind, form) => {
  const {_touched, _last} = stateOf(form);
  emit('form', {kind, form: nameOf(form), fields: _touched.size, last_field: _last});
};

/** Tells about a field, and `facts()` about what was done in it unless it is sensitive. */
const tellField = (field, form, facts, always) => {
  const about = {field: nameOf(field), label: label(field), control: field.type, autocomplete: attribute(field, 'autocomplete').slice(0, 60)};
  const sensitive = SENSITIVE.test([...Object.values(about), attribute(field, 'id'), attribute(field, 'placeholder')]);
  const more = sensitive ? always : {...facts(), ...always};
  if (more) emit('field', {form: nameOf(form), ...about, sensitive, ...more});
};

/** The form was seen: a second on the screen, or somebody is in it. */
const seen = (form) => {
  const state = stateOf(form);
  if (state._seen) return;
  state._seen = 1;
  tell('view', form);
  // Errors that came with the page, from the server.
  form.querySelectorAll('[aria-invalid=true]').forEach((field) => refuse(field, form, 'server'));
};

const touch = (field, form) => {
  const state = stateOf(form);
  seen(form);
  state._open = 1;
  state._touched.add(state._last = nameOf(field));
  if (!state._started) {
    state._started = 1;
    tell('start', form);
    marks.observe(form, {subtree: true, attributeFilter: ['aria-invalid'], attributeOldValue: true});
  }
};

const enter = (field, form) => ({
  _field: field,
  _form: form,
  _at: performance.now(),
  _facts: {changes: 0, corrections: 0, returned: answered.has(field)},
});

const finish = ({_field: field, _form: form, _at: at, _facts: facts}) => tellField(field, form, () => {
  facts.filled = !!(isChoice(field) ? field.checked : field.value ?? field.textContent);
  if (facts.filled) answered.add(field);
  return facts;
}, {time_ms: Math.round(performance.now() - at)});

const leaveField = () => {
  const left = stay;
  stay = 0;
  // The page may have put the focus there itself; then nobody was in the field.
  if (left && stateOf(left._form)._started) finish(left);
};

const hasFocus = (field) => matches(field, ':focus');

/** `fn(field, form, event)` for events in fields; what a script did itself is no act of the visitor's. */
const inFields = (types, fn) => on(types, (event) => {
  const [target] = event.composedPath();
  if (stay && target == stay._field && event.isTrusted) return fn(target, stay._form, event); // each key comes by here
  const path = pathOf(event);
  const field = path[0];
  if (field && isField(field) && event.isTrusted) {
    fn(field, field.form || path.find((element) => matches(element, 'form,[role=form]')) || document.body, event);
  }
});

const focused = (field, form) => {
  if (stay?._field == field) return; // the window lost the focus and has it again
  leaveField();
  stay = enter(field, form);
  // A page may put the focus into its search box: nobody touched that.
  if (acted) touch(field, form);
};

const typed = (field, form, {inputType}) => {
  let here = stay;
  if (here?._field != field) {
    here = enter(field, form);
    if (hasFocus(field)) {
      leaveField();
      stay = here;
    }
  }
  touch(field, form);
  const facts = here._facts;
  const words = /^(text.*|email|url|search)$/.test(field.type || 'text');
  const deletes = words ? /^(del|hist)/.test(inputType) : facts.changes;
  if (/Paste|Drop$/.test(inputType)) facts.pasted = true;
  // No browser says so: a text that changes without a key, or as a whole.
  if (words && /^(undef|$|insertRep)/.test(inputType)) facts.autofilled = true;
  if (!facts.changes++ && !facts.pasted && !facts.autofilled) facts.hesitation_ms = Math.round(performance.now() - here._at);
  // Holding the backspace is one correction.
  if (deletes && !here._deleting) facts.corrections++;
  here._deleting = words && deletes;
  if (here != stay) finish(here); // filled without being entered
};

const refuse = (field, form, error) => {
  const now = performance.now();
  const state = stateOf(form);
  state._open = 1;
  // The page's own mark often follows the browser's event.
  if (now - state[nameOf(field)] < SECOND) return;
  state[nameOf(field)] = now;
  tellField(field, form, () => ({kind: 'invalid', error}));
};

const marks = new MutationObserver(guard((changes) => changes.map(({target, oldValue}) => {
  if (oldValue != 'true' && attribute(target, 'aria-invalid') == 'true' && isField(target)) refuse(target, target.form || document.body, 'aria-invalid');
})));

const submitted = (form) => {
  const state = stateOf(form);
  leaveField();
  tell('submit', form);
  state._open = 0;
  state._click = last.at;
};

const invalid = (field, form) => {
  // The browser stops a submission that is not valid; one that a click began was attempted all the same.
  if (stateOf(form)._click != last.at && performance.now() - last.at < SECOND) submitted(form);
  for (const rule in field.validity) {
    if (field.validity[rule]) return refuse(field, form, rule);
  }
};

const watcher = new IntersectionObserver(guard((entries) => entries.map(({target, isIntersecting}) => {
  const state = stateOf(target);
  clearTimeout(state._timer);
  if (isIntersecting) state._timer = later(() => document.hidden || seen(target), SECOND);
})), {threshold: .2});

const scan = () => {
  scanning ||= later(() => {
    scanning = 0;
    [...document.forms].map((form) => form.closest('[data-netiv-ignore]') || watcher.observe(form));
  }, 300);
};

export const resetForms = () => {
  forms = new Map();
  watcher.disconnect();
  scan();
};

export const reportForms = (gone) => {
  leaveField();
  if (gone) forms.forEach(({_started, _open}, form) => _started && _open && tell('abandon', form));
};

export const startForms = () => {
  inFields('focusin', focused);
  inFields('focusout', (field) => field == stay?._field && !hasFocus(field) && leaveField());
  inFields('input', typed);
  inFields('invalid', invalid);
  on('submit', (event) => {
    const form = pathOf(event)[0];
    submitted(form);
    if (matches(form, '[data-netiv-event]')) trackElement(form);
  });
  on('click', scan); // a click may bring a form
};
