import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { ChatTest, ChatTestView } from '#server/api/dto.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Icon, type IconName } from '../ui/icons.tsx'
import { Menu } from '../ui/menu.tsx'
import { Time } from '../ui/time.tsx'
import { showError } from '../ui/toast.tsx'
import { languageName } from '../ui/words.ts'
import { Difference } from './difference.tsx'
import { TestChat } from './test-chat.tsx'
import { stateOf, type TestState } from './test-state.ts'
import styles from './tests.module.css'

const icons: Record<TestState, IconName> = { passed: 'check', failed: 'close', old: 'clock', new: 'clock' }

/** A test, how it stands, and where the bot went another way. */
export function TestRow({
  bot,
  test,
  open,
  busy,
  onOpen,
  onRun,
  onChange,
  onEdit,
  onDelete,
}: {
  bot: string
  test: ChatTestView
  open: boolean
  busy: boolean
  onOpen: () => void
  onRun: () => void
  onChange: (test: ChatTest) => Promise<void>
  onEdit: () => void
  onDelete: () => void
}) {
  const { t } = useTranslation('tests')
  const [accepting, setAccepting] = useState(false)
  const state = stateOf(test)
  const difference = state === 'failed' ? test.result?.difference : null
  const upTo = difference?.turn ?? test.turns.length - 1
  const accept = async () => {
    setAccepting(true)
    try {
      await onChange(accepted(test))
    } catch (error) {
      showError(error)
    } finally {
      setAccepting(false)
    }
  }
  const tryIt = (
    <Link
      className="bl-button bl-button--quiet bl-button--small"
      to={`/bots/${bot}/canvas?side=try&language=${test.language}&test=${test.id}&turn=${upTo}`}
    >
      <Icon name="chat" size={16} />
      {t('open')}
    </Link>
  )
  return (
    <li className={styles.test} data-state={state}>
      <div className={styles.row}>
        <span className={styles.state}>
          {busy ? <span className="bl-spinner" aria-hidden="true" /> : <Icon name={icons[state]} size={16} />}
          <span className="bl-sr-only">{t(`state.${state}`)}</span>
        </span>
        <button type="button" className={styles.name} aria-expanded={open} onClick={onOpen}>
          <strong>{test.name}</strong>
          <span>
            {t(`state.${state}`)} · {t('turns', { count: test.turns.length })} · {languageName(test.language)}
            {test.result && (
              <>
                {' · '}
                <Time iso={test.result.at} />
              </>
            )}
          </span>
        </button>
        <div className={styles.tools}>
          <IconButton icon="play" label={t('run.one', { name: test.name })} disabled={busy} onClick={onRun} />
          <Menu
            groups={[
              {
                items: [
                  { key: 'edit', label: t('edit'), onPick: onEdit },
                  { key: 'delete', label: t('delete'), danger: true, onPick: onDelete },
                ],
              },
            ]}
            trigger={(props) => <IconButton icon="more" label={t('more', { name: test.name })} {...props} />}
          />
        </div>
      </div>
      {difference && (
        <div className={styles.parted}>
          <Difference test={test} difference={difference} />
          <div className={styles.answers}>
            <Button size="small" icon="check" busy={accepting} onClick={accept}>
              {t('accept')}
            </Button>
            {tryIt}
            <Button size="small" variant="plain" icon="pencil" onClick={onEdit}>
              {t('edit')}
            </Button>
          </div>
        </div>
      )}
      {open && (
        <div className={styles.parted}>
          <TestChat test={test} />
          {!difference && <div className={styles.answers}>{tryIt}</div>}
        </div>
      )}
    </li>
  )
}

/** The test with what the bot says now where they parted: the whole turn, or the one reply where others may stand between. */
function accepted({ name, language, now, turns, result }: ChatTestView): ChatTest {
  const difference = result?.difference
  if (!difference) return { name, language, now, turns }
  const saidNow = (result.said[difference.turn] ?? []).map((text) => ({ pieces: [text] }))
  return {
    name,
    language,
    now,
    turns: turns.map((turn, index) => {
      if (index !== difference.turn) return turn
      if (!turn.others) return { ...turn, replies: saidNow }
      const one = difference.said === null ? [] : [{ pieces: [difference.said] }]
      return { ...turn, replies: turn.replies.flatMap((reply, at) => (at === difference.reply ? one : [reply])) }
    }),
  }
}
