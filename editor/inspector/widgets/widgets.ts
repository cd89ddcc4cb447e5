import type { Widget } from '#kit/fields.ts'
import type { Field } from '../fields.ts'
import type { WidgetComponent } from '../widget.ts'
import { BlockWidget } from './block-widget.tsx'
import { CallAnswerWidget } from './call-answer-widget.tsx'
import { ConditionWidget } from './condition-widget.tsx'
import { DialogWidget } from './dialog-widget.tsx'
import { DocumentsWidget } from './documents-widget.tsx'
import { EncoderWidget } from './encoder-widget.tsx'
import { ExpressionWidget } from './expression-widget.tsx'
import { FileWidget } from './file-widget.tsx'
import { LabelWidget } from './label-widget.tsx'
import { ListWidget } from './list-widget.tsx'
import { LocalTextWidget } from './local-text-widget.tsx'
import { NumberWidget } from './number-widget.tsx'
import { PatternWidget } from './pattern-widget.tsx'
import { RowsOrExpressionWidget } from './rows-or-expression-widget.tsx'
import { SecretWidget } from './secret-widget.tsx'
import { SegmentedWidget } from './segmented-widget.tsx'
import { SelectWidget } from './select-widget.tsx'
import { SetWidget } from './set-widget.tsx'
import { SliderWidget } from './slider-widget.tsx'
import { SwitchWidget } from './switch-widget.tsx'
import { TagsWidget } from './tags-widget.tsx'
import { TextWidget } from './text-widget.tsx'
import { TextareaWidget } from './textarea-widget.tsx'
import { VariableWidget } from './variable-widget.tsx'

/** One component a widget of the kit. */
const widgets: Record<Exclude<Widget, 'hidden'>, WidgetComponent> = {
  text: TextWidget,
  textarea: TextareaWidget,
  number: NumberWidget,
  slider: SliderWidget,
  switch: SwitchWidget,
  select: SelectWidget,
  segmented: SegmentedWidget,
  tags: TagsWidget,
  'local-text': LocalTextWidget,
  list: ListWidget,
  condition: ConditionWidget,
  'rows-or-expression': RowsOrExpressionWidget,
  expression: ExpressionWidget,
  variable: VariableWidget,
  pattern: PatternWidget,
  set: SetWidget,
  file: FileWidget,
  documents: DocumentsWidget,
  encoder: EncoderWidget,
  dialog: DialogWidget,
  block: BlockWidget,
  secret: SecretWidget,
  'call-answer': CallAnswerWidget,
}

/** Long choices do not fit side by side. */
const mostSegments = 4

export function widgetOf(field: Field): WidgetComponent | null {
  if (field.widget === 'hidden') return null
  if (field.ref === 'label') return LabelWidget
  if (field.widget === 'segmented' && field.options.length > mostSegments) return SelectWidget
  return widgets[field.widget] ?? null
}
