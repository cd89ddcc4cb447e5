export interface ErrorText {
  /** What happened and why, with `{{param}}` places. */
  message: string
  /** What to do now. */
  remedy: string
}
/**
 * `now`: try the same again; `smaller`: with a smaller batch; `other-device`: on another device than the failure's param `device`;
 * `later`: after a pause; `never`: only after a change.
 */
export type Retry = 'now' | 'smaller' | 'other-device' | 'later' | 'never'
export interface ErrorEntry {
  /** HTTP status when it leaves by the API. */
  status: number
  retry: Retry
  'zh-CN': ErrorText
  en: ErrorText
}

export function defineErrors<const T extends Record<string, ErrorEntry>>(entries: T): T {
  return entries
}
