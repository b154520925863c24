// Scrolls through a list, steadily and in leaps; answers through how many frames in a row rows were missing, at most.
const [at, selector, sideways, file, done] = arguments;
const frame = () => new Promise(requestAnimationFrame);
const painted = () => new Promise((go) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = go;
  port2.postMessage(0);
});
const there = async (selector, frames) => {
  for (let quiet = 0, left = 1200; quiet < frames; left -= 1) {
    if (left === 0) throw new Error(`${selector} never came`);
    await frame();
    const seen = document.querySelector(selector);
    quiet = seen && !document.querySelector(".skeleton, [aria-busy=true]") ? quiet + 1 : 0;
  }
  return document.querySelector(selector);
};
(async () => {
  history.pushState(null, "", at);
  dispatchEvent(new PopStateEvent("popstate"));
  if (file) {
    // As the system's dialog hands it over.
    const [control, text] = file;
    const input = await there(control, 2);
    const chosen = new DataTransfer();
    chosen.items.add(new File([text], "targets.csv", { type: "text/csv" }));
    input.files = chosen.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const scroller = await there(selector, 10);
  const box = scroller.getBoundingClientRect();
  // A spacer where rows belong, or a line that stands for rows still to come, looked for on a grid over what is seen.
  const blank = () => {
    for (let row = 1; row < 12; row += 1) {
      for (let column = 1; column < 12; column += 1) {
        const there = document.elementFromPoint(box.left + (box.width * column) / 12, box.top + (box.height * row) / 12);
        if (there?.closest(".spacer, .skeleton") || there?.closest("[role=row]")?.querySelector(".skeleton")) return true;
      }
    }
    return false;
  };
  // Asked each time: a list that loads page by page grows while it is scrolled.
  const whole = () => sideways ? scroller.scrollWidth - scroller.clientWidth : scroller.scrollHeight - scroller.clientHeight;
  const to = (place) => { if (sideways) scroller.scrollLeft = place; else scroller.scrollTop = place; };
  let [worst, now] = [0, 0];
  const look = async () => {
    await painted();
    now = blank() ? now + 1 : 0;
    worst = Math.max(worst, now);
  };
  // As fast as a wheel is turned.
  for (let place = 0; place < Math.min(whole(), 24000); place += 120) {
    await frame();
    to(place);
    await look();
  }
  // As the bar is dragged.
  for (let leap = 0; leap < 40; leap += 1) {
    now = 0;
    await frame();
    to(whole() * ((leap * 0.618034) % 1));
    await look();
    for (let rest = 0; rest < 8; rest += 1) {
      await frame();
      await look();
    }
  }
  done(worst);
})().catch((error) => done(String(error)));
