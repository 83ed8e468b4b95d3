/**
 * Whoever follows the link of a preview gets its script instead, and is nobody's visit. The link's token is in the address,
 * or was in that of the page before: nothing is stored, and of other visitors nothing read.
 */
export const preview = () => {
  const found = /netiv-preview=[\w.-]+/.exec(location + ' ' + document.referrer);
  if (found) {
    self.netiv.on = 1; // no tracker
    import(document.currentScript.src + '&' + found);
  }
  return found;
};
