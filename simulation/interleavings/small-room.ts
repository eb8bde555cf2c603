/**
 * Before each refresh the code proves that there is room on the disk by writing sixteen megabytes. Made again a hundred
 * thousand times, they would be most of what a simulation does; so all of them are one array.
 */
const ROOM_BYTES = 16 * 1024 * 1024;
const room = new Uint8Array(ROOM_BYTES);

globalThis.Uint8Array = new Proxy(Uint8Array, {
  construct: (target, given, newTarget) =>
    given[0] === ROOM_BYTES ? room : (Reflect.construct(target, given, newTarget) as object),
});
