// Goes to `from`, opens there what is to be open, clicks, and answers the milliseconds until what the page is for was painted.
const [from, opens, click, shows, done] = arguments;
const seen = (selector) => document.querySelector(selector);
const busy = () => seen(".skeleton, [aria-busy=true]");
const frame = () => new Promise(requestAnimationFrame);
// A message is delivered after the frame it was sent from.
const painted = () => new Promise((go) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = go;
  port2.postMessage(0);
});
const wait = async (what, frames, truth) => {
  for (let held = 0, left = 1200; held < frames; left -= 1) {
    if (left === 0) throw new Error(`${what} never came`);
    await frame();
    held = truth() ? held + 1 : 0;
  }
};
(async () => {
  const go = (address) => {
    history.pushState(null, "", address);
    dispatchEvent(new PopStateEvent("popstate"));
  };
  seen("dialog[open]")?.close();
  if (opens.length > 0) {
    // Another page between: what was chosen the last time is forgotten.
    go("/notifications");
    await wait("another page", 2, () => !seen(opens[0]));
  }
  go(from);
  for (const what of opens) {
    await wait(what, 2, () => seen(what) && !busy());
    seen(what).click();
  }
  // Quiet for a while: nothing of the page before is still under way.
  await wait(click, 10, () => seen(click) && !busy());
  const before = location.href + !!seen(shows);
  const start = performance.now();
  seen(click).click();
  await wait(shows, 1, () => seen(shows) && !busy() && location.href + !!seen(shows) !== before);
  await painted();
  done(performance.now() - start);
})().catch((error) => done(String(error)));
