import type { DeviceLogin } from "../../../src/ports/codex.ts";
import type { FakeClock } from "./clock.ts";
import type { LinkedDisk } from "./linked-disk.ts";

type Request = Parameters<DeviceLogin["run"]>[0];

/** `codex login --device-auth`, and the person that it waits for. */
export class MemoryDeviceLogin implements DeviceLogin {
  /** What the person's login leaves in the home; `null`: nobody came. */
  leaves: string | null = null;
  exitCode: number | null = 0;
  /** Called while the person is waited for. */
  meanwhile: (request: Request) => void = () => {};
  readonly #clock: FakeClock;
  readonly #files: LinkedDisk;

  constructor(clock: FakeClock, files: LinkedDisk) {
    this.#clock = clock;
    this.#files = files;
  }

  async run(request: Request): ReturnType<DeviceLogin["run"]> {
    request.output("Open https://auth.openai.com/codex/device and enter ABCD-1234");
    this.#clock.advance(90_000);
    this.meanwhile(request);
    if (this.leaves !== null) await this.#files.write(`${request.home}/auth.json`, this.leaves);
    return { exitCode: this.exitCode };
  }
}
