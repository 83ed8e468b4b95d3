/** Numbers on an axis, short, in the reader's language. What stands in tooltips comes ready from the server. */
export function axisNumber(kind, language, currency) {
  const compact = (options) => new Intl.NumberFormat(language, {maximumFractionDigits: 1, ...options}).format;
  if (kind === 'rate') return compact({style: 'percent', maximumFractionDigits: 0});
  if (kind === 'seconds') return (value) => clock(value);
  if (kind === 'money') return compact({style: 'currency', currency, notation: 'compact'});
  return compact({notation: 'compact'});
}

/** 95 as 1:35: read the same way in every language. */
function clock(seconds) {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** A line of text that keeps its own direction inside a picture, which is always laid out left to right. */
export function upright(text, mirrored) {
  return `${mirrored ? '\u2067' : '\u2066'}${text}\u2069`;
}
