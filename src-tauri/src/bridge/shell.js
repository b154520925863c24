// The shell's calls for a plain browser, carried over the loopback bridge of debug builds.
const rpc = async ({ command, payload }) => {
  const body = `{"command":${JSON.stringify(command)},"payload":${payload || "{}"}}`;
  const headers = { "content-type": "application/json" };
  const reply = await fetch("/rpc", { method: "POST", headers, body });
  if (!reply.ok) throw await reply.text();
  return reply.arrayBuffer();
};

const save_download = ({ fileName, content, base64 }) => {
  const bytes = base64 === undefined ? content : Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes]));
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(link.href);
  return fileName;
};

const calls = { rpc, save_download, interface_ready: () => null };

window.__TAURI__ = {
  core: {
    invoke: async (name, args) => {
      if (!Object.hasOwn(calls, name)) throw `a browser has no ${name}`;
      return calls[name](args);
    },
  },
  event: {
    listen: async (_channel, told) => {
      new EventSource("/events").onmessage = ({ data }) => told({ payload: data });
    },
  },
  opener: { openUrl: async (url) => void open(url, "_blank", "noopener") },
};
