import { defineErrors } from './define-errors.ts'

/** Encoders, training, models and their gate. */
export const trainingErrors = defineErrors({
  'unknown-encoder': {
    status: 404,
    retry: 'never',
    'zh-CN': {
      message: '找不到语言模型“{{encoder}}”。',
      remedy: '可填 botloom-zh-en（自带）、模型目录里的文件夹名，或 Hugging Face 上的“作者/模型”名称。',
    },
    en: {
      message: 'There is no language model called “{{encoder}}”.',
      remedy:
        'Use botloom-zh-en (comes with Botloom), the name of a folder in the models folder, or a Hugging Face id like owner/model.',
    },
  },
  'encoder-path-refused': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '语言模型不能用文件路径指定：{{encoder}}',
      remedy: '把模型文件夹放进模型目录，然后填文件夹名；只有命令行可以使用路径。',
    },
    en: {
      message: 'A language model cannot be named by a file path: {{encoder}}',
      remedy: 'Put the folder into the models folder and use its name; only the command line takes paths.',
    },
  },
  'encoder-unreadable': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '无法读取语言模型“{{encoder}}”：{{detail}}',
      remedy: '文件不完整或已损坏，请重新下载整个文件夹后再试。',
    },
    en: {
      message: 'The language model “{{encoder}}” cannot be read: {{detail}}',
      remedy: 'A file is missing or damaged; fetch the whole folder again.',
    },
  },
  'encoder-unsupported': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '暂不支持语言模型“{{encoder}}”（{{detail}}）。',
      remedy:
        '请选用 BERT、RoBERTa、XLM-RoBERTa、DistilBERT、ALBERT 或 MPNet 结构、带 tokenizer.json 和 safetensors 权重的模型。',
    },
    en: {
      message: 'The language model “{{encoder}}” is of a kind that Botloom cannot train ({{detail}}).',
      remedy:
        'Choose a BERT, RoBERTa, XLM-RoBERTa, DistilBERT, ALBERT or MPNet model with tokenizer.json and safetensors weights.',
    },
  },
  'encoder-generative': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '“{{encoder}}”（{{kind}}）是生成文字的模型，不能用来理解和分类句子。',
      remedy:
        '请换一个编码器，例如自带的 botloom-zh-en、BGE、E5 或 MiniLM；名称里带 GPT、Llama、Qwen、T5 的多半不是。想让 GPT-2 学写回答，请在训练块的“学什么”里选写回答。',
    },
    en: {
      message: '“{{encoder}}” ({{kind}}) is a model that writes text; it cannot be trained to sort sentences here.',
      remedy:
        'Choose an encoder, for example the built-in botloom-zh-en, BGE, E5 or MiniLM; a GPT, Llama, Qwen or T5 is none. To teach a GPT-2 to write, let the training block learn to write answers.',
    },
  },
  'decoder-unsupported': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '“{{decoder}}”不是可以微调的生成模型（{{detail}}）。',
      remedy: '请选用 GPT-2 结构的模型（config.json 里 model_type 为 gpt2），带 tokenizer.json 和 safetensors 权重。',
    },
    en: {
      message: '“{{decoder}}” is no model that can be taught to write answers here ({{detail}}).',
      remedy: 'Choose a GPT-2 model (model_type gpt2 in its config.json) with tokenizer.json and safetensors weights.',
    },
  },
  'decoder-is-encoder': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '“{{decoder}}”（{{kind}}）是理解句子的模型，不会写回答。',
      remedy: '请选用 GPT-2 结构的模型（config.json 里 model_type 为 gpt2）；或在训练块里把“学什么”改回学标签。',
    },
    en: {
      message: '“{{decoder}}” ({{kind}}) is a model that understands sentences; it cannot write answers.',
      remedy: 'Choose a GPT-2 model (model_type gpt2 in its config.json), or let the training block learn labels.',
    },
  },
  'encoder-positions-unsupported': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '语言模型“{{encoder}}”用相对位置或旋转位置表示词序，暂不支持（{{detail}}）。',
      remedy: '请选用绝对位置的 BERT、RoBERTa、XLM-RoBERTa、DistilBERT、ALBERT，或 MPNet。',
    },
    en: {
      message:
        'The language model “{{encoder}}” tells positions by distance or rotation, which is not supported ({{detail}}).',
      remedy: 'Choose a BERT, RoBERTa, XLM-RoBERTa, DistilBERT or ALBERT model with absolute positions, or an MPNet.',
    },
  },
  'encoder-module-unsupported': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '语言模型“{{encoder}}”得出句向量的方式暂不支持：{{module}}',
      remedy: '请选用 modules.json 只含 Transformer、Pooling（mean 或 cls）和 Normalize 的模型。',
    },
    en: {
      message: 'The way in which “{{encoder}}” makes a sentence vector is not supported: {{module}}',
      remedy: 'Choose a model whose modules.json has Transformer, Pooling (mean or cls) and Normalize only.',
    },
  },
  'encoder-pickled': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message:
        '语言模型“{{encoder}}”只有 pickle 格式的权重（{{file}}）。打开这种文件可能会执行别人的代码，Botloom 不读它。',
      remedy:
        '请转换成 safetensors：在装有 transformers 的 Python 里运行 AutoModel.from_pretrained("{{encoder}}").save_pretrained("新文件夹")，再把 tokenizer.json 复制过去；或换一个带 model.safetensors 的模型。',
    },
    en: {
      message:
        'The language model “{{encoder}}” has only pickled weights ({{file}}). Opening such a file can run foreign code; Botloom does not read it.',
      remedy:
        'Convert it to safetensors: in a Python with transformers, AutoModel.from_pretrained("{{encoder}}").save_pretrained("new-folder"), then copy tokenizer.json there. Or choose a model with model.safetensors.',
    },
  },
  'encoder-gguf': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '“{{encoder}}”是 GGUF 格式（{{file}}），这是给 llama.cpp 用的压缩格式，不能训练。',
      remedy: '请用它的原始模型：同一作者的、带 config.json、tokenizer.json 和 model.safetensors 的那一个。',
    },
    en: {
      message: '“{{encoder}}” is in GGUF ({{file}}), a compressed format for llama.cpp that cannot be trained.',
      remedy: 'Use the original that it was made from, with config.json, tokenizer.json and model.safetensors.',
    },
  },
  'encoder-shares-layers': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '语言模型“{{encoder}}”的各层共用权重，不能只训练最上面 {{layers}} 层。',
      remedy: '请把训练方式改为“完整”或“低秩”，或换一个各层独立的模型。',
    },
    en: {
      message: 'The layers of “{{encoder}}” share their weights, so its top {{layers}} cannot be trained alone.',
      remedy: 'Choose the method Thorough or Adapters, or a language model whose layers are its own.',
    },
  },
  'weights-unreadable': {
    status: 422,
    retry: 'never',
    'zh-CN': { message: '权重文件 {{file}} 有问题：{{detail}}', remedy: '文件可能没有下载完整，请重新获取后再试。' },
    en: {
      message: 'The weights file {{file}} is not sound: {{detail}}',
      remedy: 'It may be a broken download; fetch it again.',
    },
  },
  'hub-unreachable': {
    status: 502,
    retry: 'later',
    'zh-CN': {
      message: '从 Hugging Face 下载“{{encoder}}”失败：{{detail}}',
      remedy: '请检查网络（可用 HF_ENDPOINT 指定镜像），或改用自带的 botloom-zh-en，或把模型文件夹放进模型目录。',
    },
    en: {
      message: '“{{encoder}}” could not be fetched from Hugging Face: {{detail}}',
      remedy:
        'Check the network (HF_ENDPOINT names a mirror), use the built-in botloom-zh-en, or put the folder into the models folder.',
    },
  },
  'too-few-labels': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '训练数据里只有 {{labels}} 个意图，至少需要 2 个。',
      remedy: '请补充另一个意图的例句后再训练。',
    },
    en: {
      message: 'The training data holds {{labels}} intents; at least 2 are needed.',
      remedy: 'Add examples of another intent and train again.',
    },
  },
  'no-training-rows': {
    status: 422,
    retry: 'never',
    'zh-CN': { message: '没有可以学习的记录。', remedy: '请检查上游的数据块：每条记录要有文字和标签。' },
    en: {
      message: 'There are no rows to learn from.',
      remedy: 'Check the data block before this one: each row needs a text and a label.',
    },
  },
  'no-answers': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '没有一条记录带有可以学的回答。',
      remedy: '请在导入数据时指定哪一列是回答（第二段文字）；也可以在训练块里改回学标签。',
    },
    en: {
      message: 'No record has an answer to learn.',
      remedy:
        'Name the column of the answers (the second text) when you import the data, or let the training block learn labels.',
    },
  },
  'too-few-answers': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '只有 {{rows}} 条记录带有回答，至少需要 {{needed}} 条；要答得像样，一般要几百条。',
      remedy: '请补充更多“问题和回答”后再训练。',
    },
    en: {
      message: '{{rows}} records have an answer; at least {{needed}} are needed, and some hundreds for answers of use.',
      remedy: 'Add more questions with their answers and train again.',
    },
  },
  'no-test-answers': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '没有可以用来考试的问答：考试数据里没有一条记录带有回答。',
      remedy: '“拆分”块的测试占比要大于零，数据要带回答；也可以在数据块里给出测试数据。',
    },
    en: {
      message: 'There are no answers to test with: no row of the test data has one.',
      remedy:
        'The split block needs a test share above zero and data with answers; or give the data block a test file.',
    },
  },
  'no-test-rows': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '没有可以用来考试的记录。',
      remedy: '每个意图至少要有两句话，“拆分”块的测试占比要大于零；也可以在数据块里给出测试数据。',
    },
    en: {
      message: 'There are no rows to test with.',
      remedy:
        'Each label needs at least two sentences and the split block a test share above zero; or give the data block a test file.',
    },
  },
  'training-diverged': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '训练在第 {{step}} 步发散了，损失不再是有效数值。',
      remedy: '请调低学习率（例如减半）后重新训练。',
    },
    en: {
      message: 'Training went astray at step {{step}}: the loss is no longer a number.',
      remedy: 'Lower the learning rate, for example by half, and train again.',
    },
  },
  'out-of-memory': {
    status: 507,
    retry: 'never',
    'zh-CN': {
      message: '内存不够：哪怕一次只算一条也放不下。',
      remedy: '请关掉别的程序，换小一点的语言模型，或把训练方式改为“快速”或“低秩”。',
    },
    en: {
      message: 'Memory does not suffice for even one row at a time.',
      remedy: 'Close other programs, choose a smaller language model, or the method Quick or Adapters.',
    },
  },
  'trial-too-long': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '这次尝试超过了留给它的 {{seconds}} 秒，已被停下。',
      remedy: '想试完的话，请在训练块里把时间上限调大。',
    },
    en: {
      message: 'This trial was given up after the {{seconds}} seconds that were left for it.',
      remedy: 'Raise the time limit in the training block if you want it tried to its end.',
    },
  },
  'model-unreadable': {
    status: 422,
    retry: 'never',
    'zh-CN': { message: '训练好的模型无法读取：{{detail}}', remedy: '文件缺失或已损坏，请重新运行训练。' },
    en: {
      message: 'The trained model cannot be read: {{detail}}',
      remedy: 'A file is missing or damaged; run the training again.',
    },
  },
  'model-writes-answers': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '这个模型会写回答，但不会分辨意图。',
      remedy: '请换成学标签的模型：在训练块里把“学什么”改为学标签，再运行一次。',
    },
    en: {
      message: 'This model writes answers and cannot tell intents.',
      remedy: 'Use a model that learned labels: change what the training block learns, and run again.',
    },
  },
  'model-writes-nothing': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '这个模型会分辨意图，但不会写回答。',
      remedy: '请换成学写回答的模型：在训练块里把“学什么”改为写回答，再运行一次。',
    },
    en: {
      message: 'This model tells intents and cannot write answers.',
      remedy: 'Use a model that learned to write answers: change what the training block learns, and run again.',
    },
  },
  'model-finds-answers': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '这个模型从已知的答案里找答案，不会分辨意图，也不会写回答。',
      remedy: '请换一个模型：在训练块里改“学什么”，再运行一次。',
    },
    en: {
      message: 'This model finds answers among those that it knows; it neither tells intents nor writes.',
      remedy: 'Use another model: change what the training block learns, and run again.',
    },
  },
  'model-finds-nothing': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '这个模型会分辨意图，但不会找答案。',
      remedy: '请换成学找答案的模型：在训练块里把“学什么”改为找答案，再运行一次。',
    },
    en: {
      message: 'This model tells intents and cannot find answers.',
      remedy: 'Use a model that learned which answer fits: change what the training block learns, and run again.',
    },
  },
  'one-answer': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '所有问题的答案都一样，没有可找的。',
      remedy: '请给不同的问题配上不同的答案。',
    },
    en: {
      message: 'All questions have the same answer, so there is nothing to find.',
      remedy: 'Give different questions different answers.',
    },
  },
  'method-for-labels': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '“多试几种”和“配对”是给标签用的，不能用来学找答案。',
      remedy: '请在训练块里换一种训练方式：自动、快速、上层、低秩或完整。',
    },
    en: {
      message: '“Try several” and “Pairs” are ways to learn labels; they cannot learn which answer fits.',
      remedy: 'Choose another method in the training block: Automatic, Quick, Top layers, Adapters or Thorough.',
    },
  },
  'report-of-other-model': {
    status: 422,
    retry: 'never',
    'zh-CN': { message: '这份报告考的是另一个模型。', remedy: '把考试块和上岗块接到同一个训练块，再运行一次。' },
    en: {
      message: 'This report is about another model.',
      remedy: 'Connect the evaluate and the deploy block to the same training block and run again.',
    },
  },
  'answers-gate-not-passed': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '写回答的模型困惑度为 {{perplexity}}，高于上线要求的 {{required}}。',
      remedy: '请在评估报告里对照回答，补充或改正数据后再训练；也可以在这个块里放宽要求。',
    },
    en: {
      message: 'The model that writes answers has a perplexity of {{perplexity}}; at most {{required}} may go live.',
      remedy:
        'Compare the answers in the report, add or correct data and train again, or raise the limit in this block.',
    },
  },
  'finder-gate-not-passed': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '模型把正确答案排在第一位的比例是 {{recall}}%，没有达到上线要求的 {{required}}%。',
      remedy: '请在评估报告里查看最难的问题，补充或改正数据后再训练；也可以在这个块里调低要求。',
    },
    en: {
      message:
        'The model puts the right answer first for {{recall}}% of the questions; {{required}}% are required to go live.',
      remedy:
        'Look at the hardest questions in the report, add or correct data and train again, or lower the requirement in this block.',
    },
  },
  'gate-not-passed': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '模型准确率 {{accuracy}}%，没有达到上线要求的 {{required}}%。',
      remedy: '请在评估报告里查看答错的例句，补充或改正数据后再训练；也可以在这个块里调低要求。',
    },
    en: {
      message: 'The model is right in {{accuracy}}% of the test rows; {{required}}% are required to go live.',
      remedy:
        'Look at the wrong rows in the report, add or correct examples and train again, or lower the requirement in this block.',
    },
  },
  'rows-without-pair': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '{{rows}} 条记录里有 {{count}} 条没有第二段文字，例如“{{text}}”；其余的都有两段，没法放在一起学。',
      remedy: '给这些记录补上第二段文字；如果标签只看第一段，就在导入时把第二段文字选为“没有”。',
    },
    en: {
      message:
        '{{count}} of {{rows}} rows have no second text, for example “{{text}}”; the others have two, and one model cannot learn from both kinds.',
      remedy:
        'Add the second text to these rows. If the labels are about the first text alone, import the rows without a second text.',
    },
  },
  'second-text-missing': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '这个模型要同时读两段文字，但只给了一段。',
      remedy: '把第二段文字也给它；对话里的“意图”块只有访客的一句话，请给它接一个用单段文字训练的模型。',
    },
    en: {
      message: 'This model reads two texts together, and was given one.',
      remedy:
        'Give it the second text too. An intent block has only what the visitor said: connect it to a model that learned from single texts.',
    },
  },
})
