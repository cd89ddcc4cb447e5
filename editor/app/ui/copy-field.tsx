import { useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './button.tsx'
import { showToast } from './toast.tsx'

/** Something to be copied: an address, or a secret that is shown once. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const { t } = useTranslation()
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const copy = async () => {
    input.current?.select()
    try {
      await navigator.clipboard.writeText(value)
      showToast(t('copied'))
    } catch {
      // Without https browsers keep their clipboard to themselves; the text stays selected.
      input.current?.focus()
    }
  }
  return (
    <div className="bl-copy">
      <div className="bl-field">
        <label className="bl-field__label" htmlFor={id}>
          {label}
        </label>
        <input
          ref={input}
          id={id}
          className="bl-input"
          readOnly
          spellCheck={false}
          value={value}
          onFocus={(event) => event.target.select()}
        />
      </div>
      <Button icon="copy" onClick={copy}>
        {t('copy')}
      </Button>
    </div>
  )
}
