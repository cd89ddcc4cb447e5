import type { LocalText } from './text.ts'

/** Words that a visitor may say for something, in every language of the bot, and what the bot then says. */
export interface Spoken {
  /** Phrases, separated by commas or lines. */
  words: LocalText
  reply: LocalText
}

/**
 * How a bot behaves whatever its dialog is about. The block at which every conversation begins says it; what is null is not done.
 */
export interface Manners {
  /** While an answer is awaited, a question about something else is answered, and then what was asked is asked again behind `back`. With one of `words` before it, it is such a question even where all words would have been an answer. */
  digress: { words: LocalText; back: LocalText } | null
  /** "No, I meant the blue one" changes an answer that was given before. */
  correct: Spoken | null
  /** What was begun is dropped. */
  cancel: Spoken | null
  /** All is forgotten and begins anew. */
  restart: Spoken | null
  /** The bot says its last words again; `reply` comes before them. */
  repeat: Spoken | null
  /** A person takes over. */
  person: Pick<Spoken, 'words'> | null
  /** Said then, where the bot has no block, or several, that hand over. */
  handOver: LocalText
  /** A person takes over after so many messages with such words; `reply` is said first. */
  upset: (Spoken & { times: number }) | null
  /** After so many minutes of silence while something is awaited: first a reminder, then the end. */
  silence: { remind: { minutes: number; say: LocalText } | null; close: { minutes: number; say: LocalText } | null }
}
