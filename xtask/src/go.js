// Goes to an address, clicks there if that is asked for, and waits until the page stands still.
const [address, click, done] = arguments;
const frame = () => new Promise(requestAnimationFrame);
const still = async () => {
  for (let quiet = 0, left = 1200; quiet < 20; left -= 1) {
    if (left === 0) throw new Error(`${address} never stood still`);
    await frame();
    quiet = document.querySelector("main") && !document.querySelector(".skeleton, [aria-busy=true]") ? quiet + 1 : 0;
  }
  await document.fonts.ready;
};
(async () => {
  document.querySelector("dialog[open]")?.close();
  history.pushState(null, "", address);
  dispatchEvent(new PopStateEvent("popstate"));
  await still();
  if (click) {
    document.querySelector(click).click();
    await still();
  }
  document.activeElement?.blur();
  await frame();
  done(null);
})().catch((error) => done(String(error)));
