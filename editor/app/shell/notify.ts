import { create } from 'zustand'

const storageKey = 'botloom.notify-chats'

/** Whether the browser tells of chats that begin to wait: somebody asked for it here, and the browser allows it. */
export const useNotifying = create<{ on: boolean }>()(() => ({
  on: canNotify() && Notification.permission === 'granted' && localStorage.getItem(storageKey) === '1',
}))

export function canNotify(): boolean {
  return 'Notification' in window
}

/** Asks the browser where it has not been asked. False where it refuses. */
export async function switchNotifying(on: boolean): Promise<boolean> {
  const granted = on && (await Notification.requestPermission()) === 'granted'
  localStorage.setItem(storageKey, granted ? '1' : '0')
  useNotifying.setState({ on: granted })
  return granted === on
}

/** One notification a chat, however many tabs are open. A press goes there. */
export function notify(chat: string, title: string, body: string, onPress: () => void): void {
  let shown: Notification
  try {
    shown = new Notification(title, { body, tag: chat, silent: true, icon: '/favicon.svg' })
  } catch {
    // Android's browsers have the constructor and refuse to run it.
    useNotifying.setState({ on: false })
    return
  }
  shown.onclick = () => {
    window.focus()
    onPress()
    shown.close()
  }
}
