// Streams of answers: a tab follows one, and the tabs of a browser share its few places.
// @ts-check

/** Streams of answers that a browser follows at once: it holds six connections to an address, and
 * pages need some. */
const PLACES = 3;

/** Ends the stream that this tab follows. @type {AbortController | null} */
let following = null;

/** Follows a stream of answers once one of few places is free; the latest of a tab wins.
 * @param {string} address @param {(source: EventSource, end: () => void) => void} hear */
export async function follow(address, hear) {
  leave();
  const { signal } = following = new AbortController();
  const open = () => new Promise((done) => {
    const source = new EventSource(address);
    const end = () => { source.close(); done(true); };
    signal.addEventListener("abort", end);
    hear(source, end);
  });
  // Only where the address is that of this machine, or encrypted, do tabs share locks.
  if (!navigator.locks) return void open();
  for (let k = 0; k < PLACES && !signal.aborted; k++) {
    const how = k + 1 < PLACES ? { ifAvailable: true } : { signal };
    const place = navigator.locks.request(`winset-stream-${k}`, how, (lock) => lock && !signal.aborted && open());
    if (await place.catch(() => true)) return;
  }
}

/** Leaves the stream that this tab follows. */
export const leave = () => following?.abort();
