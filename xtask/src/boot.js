// Starts the interface, and tells the shell when its first data is on the screen, so that the window opens complete.
import init from "/mf-ui.js";

// A browser over the loopback bridge of debug builds, which has this file, and the only one to have it.
if (!window.__TAURI__) await import("/shell.js").catch(() => {});

const root = document.documentElement;
const observer = new MutationObserver(() => {
  if (root.dataset.ready) {
    observer.disconnect();
    window.__TAURI__?.core.invoke("interface_ready");
  }
});
observer.observe(root, { attributes: true, attributeFilter: ["data-ready"] });

await init({ module_or_path: "/mf-ui_bg.wasm" });
