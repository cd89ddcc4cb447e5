export type Mode = 'answer' | 'note'

const key = (chat: string, mode: Mode) => `botloom.unsent.${chat}.${mode}`

/** What somebody wrote in this tab and has not sent, chat by chat. */
export const unsentText = {
  read: (chat: string, mode: Mode): string => sessionStorage.getItem(key(chat, mode)) ?? '',
  write(chat: string, mode: Mode, text: string): void {
    if (text === '') sessionStorage.removeItem(key(chat, mode))
    else sessionStorage.setItem(key(chat, mode), text)
  },
}
