import type { z } from 'zod'
import type { FieldCondition, FieldRef, FieldUi, Widget } from '#kit/fields.ts'
import { mainDialog } from '#runtime/graph/document.ts'

/** A field of a form, read from a zod schema and its meta. No block's type is ever asked for. */
export interface Field {
  name: string
  schema: z.ZodType
  /** Locale key of the name, below the namespace `blocks`; `<title>.help` and `<title>.<option>` lie beside it. */
  title: string
  ui: FieldUi
  widget: Widget
  ref: FieldRef | null
  nullable: boolean
  options: string[]
  min: number | null
  max: number | null
  integer: boolean
  maxLength: number | null
  /** Most items of a list. */
  maxItems: number | null
  /** Fields of a list's items, and the item's schema. */
  item: { fields: Field[]; schema: z.ZodType } | null
}

interface Def {
  type: string
  innerType?: z.ZodType
  element?: z.ZodType
  shape?: Record<string, z.ZodType>
  entries?: Record<string, string>
  checks?: { _zod: { def: { check: string; maximum?: number } } }[]
}
const defOf = (schema: z.ZodType) => schema.def as unknown as Def

/** The fields of a block's config, or of one item of a list, in the order of the schema; hidden ones are left out. */
export function fieldsOf(schema: z.ZodType): Field[] {
  const { schema: plain } = unwrap(schema)
  return Object.entries(defOf(plain).shape ?? {}).flatMap(([name, field]) => {
    const described = describe(name, field)
    return described.widget === 'hidden' ? [] : [described]
  })
}

function describe(name: string, schema: z.ZodType): Field {
  const meta = schema.meta() ?? {}
  const { schema: plain, nullable } = unwrap(schema)
  const def = defOf(plain)
  const element = def.type === 'array' ? def.element : undefined
  const isObjectList = element !== undefined && defOf(unwrap(element).schema).type === 'object'
  return {
    name,
    schema,
    title: meta.title ?? '',
    ui: meta.ui ?? {},
    widget: meta.ui?.widget ?? guessWidget(def, isObjectList),
    ref: meta.ref ?? null,
    nullable,
    options: def.type === 'enum' ? Object.values(def.entries ?? {}) : [],
    ...numberLimits(plain, def),
    maxLength: def.type === 'string' ? limit((plain as z.ZodString).maxLength) : null,
    maxItems: element ? maxItems(def) : null,
    item: element && isObjectList ? { fields: fieldsOf(element), schema: element } : null,
  }
}

function unwrap(schema: z.ZodType): { schema: z.ZodType; nullable: boolean } {
  let nullable = false
  let at = schema
  for (let def = defOf(at); def.innerType; def = defOf(at)) {
    if (def.type === 'nullable') nullable = true
    at = def.innerType
  }
  return { schema: at, nullable }
}

function guessWidget(def: Def, isObjectList: boolean): Widget {
  switch (def.type) {
    case 'number':
      return 'number'
    case 'boolean':
      return 'switch'
    case 'enum':
      return 'select'
    case 'array':
      return isObjectList ? 'list' : 'tags'
    case 'record':
      return 'local-text'
    default:
      return 'text'
  }
}

function numberLimits(plain: z.ZodType, def: Def): Pick<Field, 'min' | 'max' | 'integer'> {
  if (def.type !== 'number') return { min: null, max: null, integer: false }
  const number = plain as z.ZodNumber
  return { min: limit(number.minValue), max: limit(number.maxValue), integer: number.format === 'safeint' }
}

function maxItems(def: Def): number | null {
  const check = def.checks?.find((one) => one._zod.def.check === 'max_length')
  return check?._zod.def.maximum ?? null
}

const limit = (value: number | null): number | null =>
  value === null || !Number.isFinite(value) || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? null : value

/** The value that a field has when nobody touched it. */
export function defaultOf(field: Field): unknown {
  const parsed = field.schema.safeParse(undefined)
  return parsed.success ? parsed.data : undefined
}

/** Whether a field is shown: each sibling named in one of its conditions holds one of the values there. */
export function isShown(field: Field, values: Readonly<Record<string, unknown>>): boolean {
  const conditions = conditionsOf(field)
  const holds = (condition: FieldCondition): boolean =>
    Object.entries(condition).every(([name, wanted]) => (wanted as readonly unknown[]).includes(values[name]))
  return conditions.length === 0 || conditions.some(holds)
}

/** Some settings are the bot's, and only the main dialog's block has them. */
export function isFor({ ui }: Field, dialog: string): boolean {
  return ui.where !== 'main' || dialog === mainDialog
}

/** The conditions of which one must hold for a field to be shown; none: it always is. */
export function conditionsOf({ ui: { when = [] } }: Field): readonly FieldCondition[] {
  return Array.isArray(when) ? when : [when as FieldCondition]
}

export interface FieldGroup {
  name: string
  fields: Field[]
}

/** Groups in the order of their first use. */
export function groupFields(fields: readonly Field[]): FieldGroup[] {
  const groups: FieldGroup[] = []
  for (const field of fields) {
    const name = field.ui.group ?? ''
    const known = groups.find((group) => group.name === name)
    if (known) known.fields.push(field)
    else groups.push({ name, fields: [field] })
  }
  return groups
}
