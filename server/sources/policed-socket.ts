import { Socket } from 'node:net'
import type { ConnectPolicy } from '#server/outbound/connect-policy.ts'

/** A socket of which `connect` looks names up by the policy: a driver that is given it connects nowhere else. */
export class PolicedSocket extends Socket {
  readonly #policy: ConnectPolicy

  constructor(policy: ConnectPolicy) {
    super()
    this.#policy = policy
  }

  /** As the drivers call it: `connect(port, host)`. */
  override connect(...given: unknown[]): this {
    const [port, host] = given as [number, string]
    return super.connect({ port: Number(port), host, lookup: this.#policy.lookup(Number(port)) as never })
  }
}
