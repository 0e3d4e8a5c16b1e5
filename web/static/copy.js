// Asks the service worker whether this page is a copy that the device keeps. It
// answers with when the copy was made, or with nothing.

const worker = navigator.serviceWorker?.controller;

export const copied = new Promise((resolve) => {
  if (!worker) {
    resolve("");
    return;
  }
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => resolve(data ?? "");
  worker.postMessage({ says: "kept?" }, [port2]);
});
