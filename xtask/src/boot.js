// Starts the interface, and tells the shell when its first data is on the screen, so that the window opens complete.
import init from "/mf-ui.js";

const root = document.documentElement;
const observer = new MutationObserver(() => {
  if (root.dataset.ready) {
    observer.disconnect();
    window.__TAURI__?.core.invoke("interface_ready");
  }
});
observer.observe(root, { attributes: true, attributeFilter: ["data-ready"] });

await init({ module_or_path: "/mf-ui_bg.wasm" });
