// Goes to an address, does there what a person would, and waits after each step until the page stands still.
const [address, steps, done] = arguments;
const frame = () => new Promise(requestAnimationFrame);
const still = async () => {
  for (let quiet = 0, left = 1200; quiet < 20; left -= 1) {
    if (left === 0) throw new Error(`${address} never stood still`);
    await frame();
    quiet = document.querySelector("main") && !document.querySelector(".skeleton, [aria-busy=true]") ? quiet + 1 : 0;
  }
  await document.fonts.ready;
};
const find = (selector) => {
  const found = document.querySelector(selector);
  if (!found) throw new Error(`${address} has no ${selector}`);
  return found;
};
const press = (target, key) => target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
const act = {
  click: (selector) => find(selector).click(),
  // A key, wherever the keyboard is.
  press: (key) => press(document.activeElement ?? document.body, key),
  type: (selector, text) => {
    const field = find(selector);
    field.focus();
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value").set.call(field, text);
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  },
  file: (selector, name, text) => {
    const field = find(selector), data = new DataTransfer();
    data.items.add(new File([text], name, { type: "text/csv" }));
    field.files = data.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  },
};
(async () => {
  document.querySelector("dialog[open]")?.close();
  history.pushState(null, "", address);
  dispatchEvent(new PopStateEvent("popstate"));
  await still();
  for (const [what, ...of] of steps) {
    act[what](...of);
    await still();
  }
  document.activeElement?.blur();
  await frame();
  done(null);
})().catch((error) => done(String(error)));
