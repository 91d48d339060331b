// The focus outlives its element. When a button is gone with what it dealt with (a failure, a notice, a form in a dialog), browsers drop the
// focus to the page as a whole, and screen readers start over. It goes to what is left around the button instead.

/** From the focused element to the root. */
let path: Element[] = [];

function note() {
  path = [];
  for (let at = document.activeElement; at && at !== document.body; at = at.parentElement) path.push(at);
}

function keep() {
  const [last] = path;
  if (!last || last.isConnected || document.activeElement !== document.body) return;
  const around = path.find((one) => one.isConnected && one.matches("dialog[open], section, main"));
  path = [];
  const to = around?.matches("main") ? (around.querySelector("h1") ?? around) : around;
  if (!(to instanceof HTMLElement)) return;
  if (to.tabIndex < 0 && !to.hasAttribute("tabindex")) {
    to.tabIndex = -1;
    to.addEventListener("blur", () => to.removeAttribute("tabindex"), { once: true });
  }
  to.focus({ preventScroll: true });
}

export function keepFocus() {
  for (const event of ["focusin", "keydown", "click"]) addEventListener(event, note, true);
  new MutationObserver(keep).observe(document.body, { childList: true, subtree: true });
}
