"""Times PyTorch on the networks benchmark: peers_torch.py FOLDER prints JSON, {versions, results: {name: {seconds, answer}}}.

The same plain U-Net (16, 32, 64 features, two convolutions a stage), the same loss and the same tiles as NetworkBenchmarks, on as many threads as
there are cores. The answer is the number of weights, by which to see that the network is the same. The folder is not used.

peers_torch.py EDGE FEATURES,FEATURES,... times one tile of EDGE^3 voxels through the network of those features instead.
"""
import json
import os
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional

REPEATS = 8
FEATURES = (16, 32, 64)
PATCH, BATCH, SCAN = 32, 2, 64


def block(inputs, outputs, stride=1):
    return nn.Sequential(
        nn.Conv3d(inputs, outputs, 3, stride, 1), nn.InstanceNorm3d(outputs, affine=True), nn.LeakyReLU(0.01, inplace=True))


class UNet(nn.Module):
    def __init__(self, features=FEATURES):
        super().__init__()
        inputs = (1,) + features[:-1]
        self.down = nn.ModuleList(
            nn.Sequential(block(i, o, 1 if i == 1 else 2), block(o, o)) for i, o in zip(inputs, features))
        pairs = list(zip(features[:0:-1], features[-2::-1]))
        self.enlarge = nn.ModuleList(nn.ConvTranspose3d(i, o, 2, 2) for i, o in pairs)
        self.up = nn.ModuleList(nn.Sequential(block(2 * o, o), block(o, o)) for _, o in pairs)
        self.heads = nn.ModuleList(nn.Conv3d(o, 2, 1) for _, o in pairs)

    def forward(self, x):
        skips = []
        for stage in self.down:
            x = stage(x)
            skips.append(x)
        for level, (enlarge, stage) in enumerate(zip(self.enlarge, self.up)):
            x = stage(torch.cat([enlarge(x), skips[-level - 2]], 1))
        return self.heads[-1](x)


def loss_of(logits, labels):
    """Cross-entropy and soft Dice of the foreground, as nnU-Net."""
    share = torch.softmax(logits, 1)[:, 1]
    target = labels[:, 0].to(share.dtype)
    hits, total = (share * target).sum((1, 2, 3)), share.sum((1, 2, 3)) + target.sum((1, 2, 3))
    return functional.cross_entropy(logits, labels[:, 0]) - ((2 * hits + 1e-5) / (total + 1e-5)).mean()


def least(work, repeats=REPEATS):
    work()
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def tile(edge, features):
    network, image = UNet(features).eval(), torch.randn(1, 1, edge, edge, edge)
    with torch.inference_mode():
        seconds = least(lambda: network(image), repeats=2)
    return {"tile": {"seconds": seconds, "answer": sum(weight.numel() for weight in network.parameters())}}


def show(results):
    print(json.dumps({"versions": {"torch": torch.__version__}, "writtenBytes": 0, "results": results}))


def main():
    torch.set_num_threads(os.cpu_count())
    torch.manual_seed(1)
    if len(sys.argv) == 3:
        return show(tile(int(sys.argv[1]), tuple(map(int, sys.argv[2].split(",")))))
    network = UNet()
    patches = torch.randn(BATCH, 1, PATCH, PATCH, PATCH)
    labels = (patches > 2).long()
    scan = torch.randn(1, 1, SCAN, SCAN, SCAN)
    axis = torch.exp(-0.5 * ((torch.arange(PATCH) - PATCH // 2) / (PATCH / 8)) ** 2)
    weights = axis[:, None, None] * axis[:, None] * axis
    starts = np.round(np.linspace(0, SCAN - PATCH, (SCAN - PATCH) // (PATCH // 2) + 1)).astype(int)

    def train():
        network.zero_grad()
        loss_of(network(patches), labels).backward()

    def infer():
        with torch.inference_mode():
            total, norm = torch.zeros(2, SCAN, SCAN, SCAN), torch.zeros(SCAN, SCAN, SCAN)
            for z in starts:
                for y in starts:
                    for x in starts:
                        tile = np.s_[..., z:z + PATCH, y:y + PATCH, x:x + PATCH]
                        total[tile] += network(scan[tile])[0] * weights
                        norm[tile] += weights
            return total / norm

    count = sum(weight.numel() for weight in network.parameters())
    show({name: {"seconds": least(work), "answer": count} for name, work in (("trainingstep", train), ("inference", infer))})


if __name__ == "__main__":
    sys.exit(main())
