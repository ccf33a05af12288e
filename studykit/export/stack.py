"""The map of the stack: layers from raw data to the finished product, each with some categories."""

from __future__ import annotations

from msgspec import Struct

__all__ = ["CATEGORY_NAMES", "STACK", "Layer", "Name"]


class Name(Struct, frozen=True, kw_only=True):
    """A name in both languages."""

    en: str
    zh: str


class Layer(Struct, frozen=True, kw_only=True):
    """One layer of the map and the glossary's categories in it."""

    name: Name
    categories: tuple[str, ...]


STACK = (
    Layer(name=Name(en="Raw material", zh="原料"), categories=("data", "tokenisation")),
    Layer(name=Name(en="The network", zh="网络"), categories=("network", "architecture", "weights")),
    Layer(
        name=Name(en="Training", zh="训练"),
        categories=("objective", "optimisation", "scaling", "systems"),
    ),
    Layer(name=Name(en="After training", zh="训练之后"), categories=("post-training", "rl")),
    Layer(name=Name(en="In use", zh="使用"), categories=("inference", "psychology", "retrieval", "agents")),
    Layer(
        name=Name(en="Around it", zh="周边"), categories=("evaluation", "models", "programming", "general")
    ),
)
"""Contains every category of the glossary once; a test compares."""

CATEGORY_NAMES = {
    "data": Name(en="Data", zh="数据"),
    "tokenisation": Name(en="Tokenisation", zh="分词"),
    "network": Name(en="Neural networks", zh="神经网络"),
    "architecture": Name(en="Architecture", zh="架构"),
    "weights": Name(en="Weights", zh="权重"),
    "objective": Name(en="Objectives", zh="训练目标"),
    "optimisation": Name(en="Optimisation", zh="优化"),
    "scaling": Name(en="Scaling", zh="规模"),
    "systems": Name(en="Systems", zh="系统"),
    "post-training": Name(en="Post-training", zh="后训练"),
    "rl": Name(en="Reinforcement learning", zh="强化学习"),
    "inference": Name(en="Inference", zh="推理"),
    "psychology": Name(en="Model psychology", zh="模型心理"),
    "retrieval": Name(en="Retrieval", zh="检索"),
    "agents": Name(en="Agents", zh="智能体"),
    "evaluation": Name(en="Evaluation", zh="评测"),
    "models": Name(en="Models", zh="模型"),
    "programming": Name(en="Programming", zh="编程"),
    "general": Name(en="General", zh="通用"),
}
