/** A request to another server, whole but for its secrets: those are put in where it is sent. */
export interface CallRequest {
  method: string
  url: string
  /** `secret` names a secret of the bot whose words follow `value`; empty: none. */
  headers: { name: string; value: string; secret: string }[]
  body: string | null
  /** Milliseconds for one attempt. */
  timeout: number
  /** At least 1. */
  attempts: number
  /** Twice does no more than once: it may be sent again though nobody knows what became of it, with the same `Idempotency-Key`. */
  repeatable: boolean
  /** Places of the answer that are brought back (JSON pointers, RFC 6901); no others are kept anywhere. */
  pick: string[]
  /** `sample`: where a bot is tried out, nothing is sent and `sample` counts as the answer. */
  tries: 'send' | 'sample'
  sample: CallAnswer | null
}

export interface CallAnswer {
  /** HTTP status. */
  status: number
  /** What was found at each place of `pick`; places that the answer does not have are absent. */
  picked: Record<string, unknown>
}

/** An answer came, whatever its status says. */
export interface CallSettled extends CallAnswer {
  type: 'call.settled'
}
/** None came. `code` is one of the catalogue's, or `outcome-unknown`: it may have been carried out. */
export interface CallFailed {
  type: 'call.failed'
  code: string
}
/** The instant that the block waited for has come. */
export interface TimePassed {
  type: 'time.passed'
}
