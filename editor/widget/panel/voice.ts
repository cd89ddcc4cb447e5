/** What browsers that understand speech offer; neither name is in the types yet. */
interface Recognition {
  lang: string
  interimResults: boolean
  onresult: ((event: { results: ArrayLike<ArrayLike<{ transcript: string }>> }) => void) | null
  onerror: ((event: { error: string }) => void) | null
  onend: (() => void) | null
  start(): void
  stop(): void
  abort(): void
}
type RecognitionClass = new () => Recognition

function recognition(): RecognitionClass | undefined {
  const { SpeechRecognition, webkitSpeechRecognition } = window as {
    SpeechRecognition?: RecognitionClass
    webkitSpeechRecognition?: RecognitionClass
  }
  return SpeechRecognition ?? webkitSpeechRecognition
}

export const canListen = (): boolean => recognition() !== undefined

/** Tongues that browsers know by a country only. */
const spoken: Record<string, string> = { zh: 'zh-CN', en: 'en-US' }

/** Writes down what is said until `stop`, or until the browser thinks that all was said. Nothing is listened to before it is called. */
export function listen(
  language: string,
  on: { words(text: string): void; end(): void; trouble(why: 'refused' | 'failed'): void },
): { stop(): void } {
  const Listener = recognition()!
  const listener = new Listener()
  listener.lang = spoken[language] ?? language
  listener.interimResults = true
  listener.onresult = ({ results }) => on.words(Array.from(results, (result) => result[0]?.transcript ?? '').join(''))
  listener.onerror = ({ error }) => {
    if (error === 'not-allowed' || error === 'service-not-allowed') on.trouble('refused')
    // Silence, and being stopped, are no trouble.
    else if (error !== 'no-speech' && error !== 'aborted') on.trouble('failed')
  }
  listener.onend = on.end
  listener.start()
  return { stop: () => listener.stop() }
}
