"""The network of the example `digits` in PyTorch, on one thread: accuracy and the time of an epoch.

    python3 tests/reference/digits.py         needs torch

Images, their split, initial weights, the order of the images, batches, Adam and its rates are those of the example, so its
losses are those of the example up to rounding. Both ways that PyTorch has for a step of Adam on a processor are timed. An
epoch consists of all its steps; data are in memory, without a loader.
"""

import time
from pathlib import Path

import torch
from torch import nn

FILE = Path(__file__).parent.parent / "data" / "digits" / "digits.txt"
SEED, FOLDS, BATCH, RATE = 2, 5, 32, 0.01


class Random:
    """xorshift64*, uniform in -1 to 1, as in examples/common/random.rs."""

    def __init__(self, seed):
        self.state = seed

    def uniform(self):
        x, mask = self.state, 2**64 - 1
        x ^= x >> 12
        x ^= (x << 25) & mask
        x ^= x >> 27
        self.state = x
        return (x * 0x2545F4914F6CDD1D & mask) // 2048 / 2**52 - 1

    def shuffle(self, items):
        for i in range(len(items) - 1, 0, -1):
            j = int((self.uniform() + 1) / 2 * (i + 1))
            items[i], items[j] = items[j], items[i]

    def layer(self, inputs, outputs):
        bound = (6 / (inputs + outputs)) ** 0.5
        rows = [[bound * self.uniform() for _ in range(inputs)] for _ in range(outputs)]
        return torch.tensor(rows, dtype=torch.float64)


def network(random, dtype):
    net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10)).to(dtype)
    with torch.no_grad():
        for layer, size in [(net[0], (64, 64)), (net[2], (64, 10))]:
            layer.weight.copy_(random.layer(*size))
            layer.bias.zero_()
    return net


def train(dtype, fused, epochs):
    words = [line.split() for line in FILE.read_text().splitlines()]
    pixels = torch.tensor([[int(letter, 17) / 16 for letter in row] for row, _ in words], dtype=dtype)
    digits = torch.tensor([int(digit) for _, digit in words])
    order = list(range(len(words)))
    Random(SEED).shuffle(order)
    test, learn = order[: len(words) // FOLDS], order[len(words) // FOLDS :]
    x, y = pixels[learn], digits[learn]
    random = Random(SEED)
    net, criterion = network(random, dtype), nn.CrossEntropyLoss()
    adam = torch.optim.Adam(net.parameters(), lr=RATE, fused=fused)
    order, losses, seconds = list(range(len(learn))), [], []
    for epoch in range(epochs):
        for group in adam.param_groups:
            group["lr"] = RATE * (1 - epoch / epochs)
        random.shuffle(order)
        begin, total = time.perf_counter(), 0.0
        shuffled = torch.tensor(order)
        x_shuffled, y_shuffled = x[shuffled], y[shuffled]
        for i in range(0, len(order), BATCH):
            batch_y = y_shuffled[i : i + BATCH]
            adam.zero_grad()
            loss = criterion(net(x_shuffled[i : i + BATCH]), batch_y)
            loss.backward()
            adam.step()
            total += loss.item() * len(batch_y)
        seconds.append(time.perf_counter() - begin)
        losses.append(total / len(order))
    with torch.no_grad():
        right = (net(pixels[test]).argmax(1) == digits[test]).double().mean().item()
    return losses, right, sorted(seconds)


if __name__ == "__main__":
    torch.set_num_threads(1)
    losses, right, _ = train(torch.float64, None, 3)
    print(f"three epochs: losses {losses}, {100 * right:.4f} % right")
    for dtype in [torch.float64, torch.float32]:
        for fused in [None, True]:
            losses, right, seconds = train(dtype, fused, 30)
            name = f"{dtype}, {'fused Adam' if fused else 'Adam'}"
            times = f"{seconds[0] * 1e3:.2f} ms at least, median {seconds[len(seconds) // 2] * 1e3:.2f} ms"
            print(f"{name}: last loss {losses[-1]:.4f}, {100 * right:.2f} % right, an epoch takes {times}")
