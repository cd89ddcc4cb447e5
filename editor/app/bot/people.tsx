import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { flyTo } from '#editor/canvas/control.ts'
import { blockName } from '#editor/canvas/words.ts'
import { type Peer, useMe, usePeers } from '#editor/document/presence.ts'
import { draft } from '#editor/document/store.ts'
import styles from './people.module.css'

const mostShown = 4

/** Who else has the bot open, as coloured initials; a click goes to where they are. */
export function People({ bot }: { bot: string }) {
  const { t } = useTranslation('bot')
  const navigate = useNavigate()
  const me = useMe()
  const peers = usePeers()
  if (peers.length === 0) return null
  const words = (peer: Peer) => {
    const block = peer.block === null ? undefined : draft.getState().document.nodes[peer.block]
    const name = peer.user === me ? t('people.me') : peer.name
    return block ? t('people.at', { name, block: blockName(block) }) : t('people.here', { name })
  }
  const goTo = (peer: Peer) => {
    if (peer.block === null) return
    navigate(`/bots/${bot}/canvas`)
    void flyTo(peer.block)
  }
  return (
    <ul className={styles.people} aria-label={t('people')}>
      {peers.slice(0, mostShown).map((peer) => (
        <li key={peer.tab}>
          <button
            type="button"
            className={styles.person}
            data-peer={peer.colour}
            title={words(peer)}
            aria-label={words(peer)}
            onClick={() => goTo(peer)}
          >
            {initials(peer.name)}
          </button>
        </li>
      ))}
      {peers.length > mostShown && (
        <li className={styles.more} title={peers.slice(mostShown).map(words).join('\n')}>
          +{peers.length - mostShown}
        </li>
      )}
    </ul>
  )
}

/** Two letters of a name in letters, the last character of one in characters. */
function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  if (/\p{Script=Han}/u.test(name)) return [...name.trim()].at(-1) ?? '·'
  return (
    words
      .slice(0, 2)
      .map((word) => [...word][0]?.toUpperCase() ?? '')
      .join('') || '·'
  )
}
