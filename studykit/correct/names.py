"""Names that talks about language models are full of, beside the glossary's terms.

One a line: the name, and behind ``|`` what machine translation into Chinese, or a
recogniser where no sound rule reaches, is known to make of it. Spelt as
their owners spell them. A name of one short everyday word is not here: no sound tells it apart.
"""

from __future__ import annotations

__all__ = ["ABBREVIATIONS", "NAMES", "name_table"]

NAMES = """
# companies and laboratories
OpenAI | 开放人工智能 | 开放式人工智能
Anthropic | 人类学公司 | 人择公司
Hugging Face | 拥抱脸 | 抱抱脸 | 拥抱的脸 | 拥抱之脸
DeepMind | 深度思维 | 深层思维
Mistral AI
Moonshot AI
Moonshot
MiniMax
Zhipu AI
Z.ai
Cohere
Perplexity
Arcee AI | RCAI
Scale AI
Allen Institute
Prime Intellect
Midjourney
Stability AI
Nvidia | 英伟达公司
Databricks
Cerebras
CoreWeave
Groq
Upwork
Mastercard
LangChain
LlamaIndex
Pinecone
Surge AI
Safe Superintelligence
Nous Research
Liquid AI
Reka AI
Inflection AI
Character AI
xAI
Substack | 子堆栈
Stack Overflow | 堆栈溢出
Stack Exchange | 堆栈交换
Wikipedia
GitHub Copilot | GitHub 副驾驶
# models
GPT-5
GPT-4o
GPT-3.5
o3-mini
Claude Opus | 克劳德作品 | 克劳德·奥普斯 | 云端作品
Claude Sonnet | 克劳德十四行诗
Claude Haiku | 克劳德俳句
Grok | 格罗克
Gemma | 杰玛
Kimi | Kimmy
GLM
Nemotron
Phi-3
Mixtral
Mistral
Stable Diffusion | 稳定扩散 | 稳定传播
Sora
DALL-E
Stockfish
AlphaZero | 阿尔法零
SmolLM
Apertus
Vicuna
# tools, data and tests
PyTorch | 火炬库
TensorFlow | 张量流
vLLM
SGLang
llm.c
minGPT
nanoGPT
llama.cpp
Ollama
Chatbot Arena
Jupyter
Colab
VS Code
SentencePiece
WordPiece
DGX Spark
H200
A100
NVLink
ImageNet | 图像网
HumanEval
SWE-bench
HellaSwag
TruthfulQA
LAION
RedPajama
Semantic Scholar | 语义学者
Dwarkesh
# people
Sam Altman | 山姆·奥特曼 | 萨姆·奥特曼
Ilya Sutskever | 伊利亚·苏茨克维
Ilya | 伊莲娜
Andrej Karpathy | 安德烈·卡帕西
Greg Brockman
Dario Amodei
Mira Murati
John Schulman
Geoffrey Hinton
Yann LeCun
Yoshua Bengio
Jürgen Schmidhuber
Demis Hassabis
Lee Sedol
Lex Fridman
Nathan Lambert
Sebastian Raschka
Jensen Huang
Elon Musk
swyx
Mark Zuckerberg
Satya Nadella
Noam Shazeer
Ashish Vaswani
Jeff Dean
Fei-Fei Li
Andrew Ng
Percy Liang
Tri Dao
Albert Gu
Alec Radford
Wojciech Zaremba
Jason Wei
Noam Brown
Dylan Patel
François Chollet
Simon Willison
Jeremy Howard
Chris Olah
Alexandr Wang
Liang Wenfeng
# people whom talks take as examples
Alan Turing
Ada Lovelace
Albert Einstein
Marie Curie
Isaac Newton
John von Neumann
Garry Kasparov
Magnus Carlsen
Barack Obama
Joe Biden
Donald Trump
Hillary Clinton
Kamala Harris
Ron DeSantis
Angela Merkel
Genghis Khan
Tom Cruise
Taylor Swift
Lionel Messi
"""

ABBREVIATIONS = frozenset(
    "AI API APIs AR AWS CEO CLI CPU CPUs CSS CTO CV FAQ GCP GUI HTML HTTP IBM IDE IPO IT JSON LMS "
    "MIT ML NASA NLP NVIDIA OS PC PDF PDFs PhD PR QA RAM ROM SDK SQL SSD TV UI URL URLs USA USB UX "
    "VC VR WEBVTT XML YAML YOLO".split()
)
"""Other abbreviations that such talks use: right as they are."""


def name_table() -> dict[str, tuple[str, ...]]:
    """Each name with its Chinese mistranslations."""
    lines = (line for line in NAMES.splitlines() if line and not line.startswith("#"))
    return {name: tuple(wrong) for name, *wrong in (map(str.strip, line.split("|")) for line in lines)}
