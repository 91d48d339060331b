// Output of plugins, which is not trusted: it is cut into lines of limited length, and limited and counted by the minute. The
// operator pays for what is logged, and the tenant's code decides how much it prints.

/** Maximum length of a line in bytes. The rest of a longer one is dropped. */
export const LINE = 2048;
/** Maximum number of lines in a minute. */
export const LINES = 300;
/** Maximum number of bytes in a minute, each line with its surroundings in the log. */
export const BYTES = 64 * 1024;
const SURROUNDINGS = 160;
const MINUTE = 60_000;
const NEWLINE = 10;

/** Cuts chunks of bytes into lines. `emit` takes each line and the number of bytes that were cut off. */
export class Lines {
  #emit;
  #parts = [];
  #length = 0;
  #cut = 0;

  constructor(emit) {
    this.#emit = emit;
  }

  feed(chunk) {
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, from);
      this.#take(chunk.subarray(from, end < 0 ? chunk.length : end));
      if (end < 0) return;
      this.end();
      from = end + 1;
    }
  }

  /** Emits the unfinished line, if there is one. */
  end() {
    const [parts, cut] = [this.#parts, this.#cut];
    [this.#parts, this.#length, this.#cut] = [[], 0, 0];
    if (parts.length > 0) this.#emit(Buffer.concat(parts).toString("utf8"), cut);
  }

  #take(bytes) {
    const room = LINE - this.#length;
    // The copy lets go of the chunk, which may be much longer.
    if (room > 0 && bytes.length > 0) this.#parts.push(Buffer.from(bytes.subarray(0, room)));
    this.#length += Math.min(room, bytes.length);
    this.#cut += Math.max(0, bytes.length - room);
  }
}

/** Admits a number of lines and bytes in each minute and counts the others. Tests pass `now`, in milliseconds. */
export class Quota {
  #now;
  #ends = 0;
  #lines = 0;
  #bytes = 0;
  #dropped = { lines: 0, bytes: 0 };

  constructor({ now = () => performance.now() } = {}) {
    this.#now = now;
  }

  /** Returns true if `text` may be logged. Otherwise it is counted as dropped, like the bytes that were `cut` off it. */
  admit(text, cut = 0) {
    const now = this.#now();
    if (now >= this.#ends) [this.#ends, this.#lines, this.#bytes] = [now + MINUTE, 0, 0];
    // As it is logged: JSON takes up to six bytes for one.
    const [bytes, raw] = [Buffer.byteLength(JSON.stringify(text)), Buffer.byteLength(text)];
    const fits = this.#lines < LINES && this.#bytes + bytes + SURROUNDINGS <= BYTES;
    if (fits) {
      this.#lines += 1;
      this.#bytes += bytes + SURROUNDINGS;
    }
    this.drop({ lines: fits ? 0 : 1, bytes: cut + (fits ? 0 : raw) });
    return fits;
  }

  /** Adds to what was dropped. */
  drop({ lines, bytes }) {
    this.#dropped.lines += lines;
    this.#dropped.bytes += bytes;
  }

  /** Returns what was dropped since the previous call, or undefined if nothing was. */
  dropped() {
    const dropped = this.#dropped;
    if (dropped.lines === 0 && dropped.bytes === 0) return undefined;
    this.#dropped = { lines: 0, bytes: 0 };
    return dropped;
  }
}
