using System.Runtime.InteropServices;
using System.Text.Json;
using MetSeg.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(MetSeg.Learning.Tests.NnUNetPeer))]

namespace MetSeg.Learning.Tests;

/// <summary>
/// Files as PyTorch and nnU-Net write them, made by the system's PyTorch when they are first asked for: two small trained models with the
/// outputs of their networks, tensors of every kind, and pickles that run code (which PyTorch was seen to run). Skips where PyTorch is missing.
/// </summary>
public sealed class NnUNetPeer : IDisposable
{
    public const string PlainModel = "nnUNetTrainer__nnUNetPlans__3d_fullres";
    public const string FlatModel = "nnUNetTrainer__nnUNetPlans__2d";
    public const string ResidualModel = "nnUNetTrainer_2epochs__nnUNetResEncUNetMPlans__3d_fullres";
    private readonly TemporaryFolder folder = new();
    private readonly Lazy<string> made;

    public NnUNetPeer()
    {
        made = new Lazy<string>(() =>
        {
            PythonPeer.Run("torch, numpy", Networks + Models + Values + Hostile, folder.Path);
            return folder.Path;
        });
    }

    /// <summary>What a hostile file would have created.</summary>
    public string Marker => PathOf("executed");

    public string PathOf(string name) => Path.Combine(made.Value, name);

    public float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(PathOf(name))).ToArray();

    public JsonElement Json(string name) => JsonDocument.Parse(File.ReadAllText(PathOf(name))).RootElement;

    public void Dispose() => folder.Dispose();

    /// <summary>nnU-Net's two networks, written anew from the description in docs; weights have nnU-Net's names, duplicates included.</summary>
    private const string Networks = """
        import collections, json, os, pickle, sys, zipfile
        from torch import nn
        root = sys.argv[1]
        torch.manual_seed(5)
        torch.set_num_threads(1)

        Conv, Transposed, Norm = nn.Conv3d, nn.ConvTranspose3d, nn.InstanceNorm3d

        class Block(nn.Module):
            def __init__(self, before, after, kernel, stride, bias=True, active=True):
                super().__init__()
                self.conv = Conv(before, after, kernel, stride, [k // 2 for k in kernel], bias=bias)
                self.norm = Norm(after, eps=1e-5, affine=True)
                self.all_modules = nn.Sequential(self.conv, self.norm, *([nn.LeakyReLU(0.01)] if active else []))
            def forward(self, x):
                return self.all_modules(x)

        class Blocks(nn.Module):
            def __init__(self, count, before, after, kernel, stride):
                super().__init__()
                self.convs = nn.Sequential(*[Block(after if i else before, after, kernel, 1 if i else stride) for i in range(count)])
            def forward(self, x):
                return self.convs(x)

        class ResidualBlock(nn.Module):
            def __init__(self, before, after, kernel, stride):
                super().__init__()
                self.conv1 = Block(before, after, kernel, stride)
                self.conv2 = Block(after, after, kernel, 1, active=False)
                strided = stride != 1 and any(s != 1 for s in stride)
                shortcut = ([nn.AvgPool3d(stride, stride)] if strided else []) + ([Block(before, after, [1, 1, 1], 1, False, False)] if before != after else [])
                if shortcut:
                    self.skip = nn.Sequential(*shortcut)
            def forward(self, x):
                return nn.functional.leaky_relu(self.conv2(self.conv1(x)) + (self.skip(x) if hasattr(self, 'skip') else x), 0.01)

        class ResidualBlocks(nn.Module):
            def __init__(self, count, before, after, kernel, stride):
                super().__init__()
                self.blocks = nn.Sequential(*[ResidualBlock(after if i else before, after, kernel, 1 if i else stride) for i in range(count)])
            def forward(self, x):
                return self.blocks(x)

        class Encoder(nn.Module):
            def __init__(self, channels, features, kernels, strides, counts, plain):
                super().__init__()
                if not plain:
                    self.stem = Blocks(1, channels, features[0], kernels[0], 1)
                before = [channels if plain else features[0]] + features[:-1]
                stages = [(Blocks if plain else ResidualBlocks)(*each) for each in zip(counts, before, features, kernels, strides)]
                self.stages = nn.Sequential(*([nn.Sequential(stage) for stage in stages] if plain else stages))
            def forward(self, x):
                x, all = self.stem(x) if hasattr(self, 'stem') else x, []
                for stage in self.stages:
                    x = stage(x)
                    all.append(x)
                return all

        class Decoder(nn.Module):
            def __init__(self, encoder, features, kernels, strides, counts, classes):
                super().__init__()
                self.encoder = encoder
                levels = range(len(features) - 2, -1, -1)
                self.stages = nn.ModuleList([Blocks(n, 2 * features[s], features[s], kernels[s], 1) for n, s in zip(counts, levels)])
                self.transpconvs = nn.ModuleList([Transposed(features[s + 1], features[s], strides[s + 1], strides[s + 1]) for s in levels])
                self.seg_layers = nn.ModuleList([Conv(features[s], classes, 1) for s in levels])
            def forward(self, skips):
                x = skips[-1]
                for level, (stage, up) in enumerate(zip(self.stages, self.transpconvs)):
                    x = stage(torch.cat([up(x), skips[-level - 2]], 1))
                return self.seg_layers[-1](x)

        class UNet(nn.Module):
            def __init__(self, channels, classes, features, kernels, strides, counts, decoder_counts, plain):
                super().__init__()
                self.encoder = Encoder(channels, features, kernels, strides, counts, plain)
                self.decoder = Decoder(self.encoder, features, kernels, strides, decoder_counts, classes)
            def forward(self, x):
                return self.decoder(self.encoder(x))


        """;

    /// <summary>Folders as nnU-Net leaves them, with input.bin and logits.bin per fold; the optimizer has made a step.</summary>
    private const string Models = """
        def plans(name, plain, features, kernels, strides, counts, decoder_counts, patch):
            dimensions = f'torch.nn.modules.conv.Conv{len(patch)}d', f'torch.nn.modules.instancenorm.InstanceNorm{len(patch)}d'
            resampling = {'is_seg': False, 'order': 3, 'order_z': 0, 'force_separate_z': None}
            network = {'n_stages': len(features), 'features_per_stage': features, 'conv_op': dimensions[0], 'kernel_sizes': kernels, 'strides': strides,
                'n_conv_per_stage' if plain else 'n_blocks_per_stage': counts, 'n_conv_per_stage_decoder': decoder_counts, 'conv_bias': True,
                'norm_op': dimensions[1], 'norm_op_kwargs': {'eps': 1e-05, 'affine': True}, 'dropout_op': None, 'dropout_op_kwargs': None,
                'nonlin': 'torch.nn.LeakyReLU', 'nonlin_kwargs': {'inplace': True}}
            fullres = {'data_identifier': name + '_3d_fullres', 'preprocessor_name': 'DefaultPreprocessor', 'batch_size': 2, 'patch_size': patch,
                'median_image_size_in_voxels': [8.0, 16.0, 16.0][-len(patch):], 'spacing': [1.0, 1.0, 1.0][-len(patch):], 'normalization_schemes': ['ZScoreNormalization'] * 2,
                'use_mask_for_norm': [False, False], 'resampling_fn_data': 'resample_data_or_seg_to_shape', 'resampling_fn_data_kwargs': resampling,
                'architecture': {'network_class_name': 'dynamic_network_architectures.architectures.unet.' + ('PlainConvUNet' if plain else 'ResidualEncoderUNet'),
                    'arch_kwargs': network, '_kw_requires_import': ['conv_op', 'norm_op', 'dropout_op', 'nonlin']}, 'batch_dice': False}
            intensities = dict(mean=1.0, median=1.0, std=1.0, min=0.0, max=2.0, percentile_99_5=2.0, percentile_00_5=0.0)
            return {'dataset_name': 'Dataset001_Peer', 'plans_name': name, 'original_median_spacing_after_transp': [1.0, 1.0, 1.0],
                'original_median_shape_after_transp': [8, 16, 16], 'image_reader_writer': 'SimpleITKIO', 'transpose_forward': [0, 1, 2],
                'transpose_backward': [0, 1, 2], 'configurations': {'2d': fullres} if len(patch) == 2 else {'2d': {}, '3d_fullres': fullres, '3d_cascade_fullres': {'inherits_from': '3d_fullres', 'previous_stage': '3d_lowres'}},
                'experiment_planner_used': 'ExperimentPlanner', 'label_manager': 'LabelManager', 'foreground_intensity_properties_per_channel': {'0': intensities, '1': intensities}}

        dataset = {'channel_names': {'0': 'T1CE', '1': 'FLAIR'}, 'labels': {'background': 0, 'edema': 1, 'core': 2, 'ignore': 3}, 'numTraining': 4, 'file_ending': '.mha'}

        def model(folder, fold, plan, shape, axes, wrap=lambda state: state):
            where = os.path.join(root, folder, 'fold_' + fold)
            os.makedirs(where)
            for name, content in (('plans.json', plan), ('dataset.json', dataset)):
                with open(os.path.join(root, folder, name), 'w') as file:
                    json.dump(content, file)
            network = UNet(2, 3, *shape)
            for module in network.modules():
                if isinstance(module, Norm):
                    nn.init.uniform_(module.weight, 0.5, 1.5)
                    nn.init.normal_(module.bias)
            optimizer = torch.optim.SGD(network.parameters(), 0.01, 0.99, weight_decay=3e-5, nesterov=True)
            data = torch.randn(2, 2, *plan['configurations'][folder.split('__')[2]]['patch_size'])
            network(data).square().mean().backward()
            optimizer.step()
            checkpoint = {'network_weights': wrap(network.state_dict()), 'optimizer_state': optimizer.state_dict(), 'grad_scaler_state': None,
                'logging': {'mean_fg_dice': [numpy.float64(0.5), numpy.float64(0.625)], 'dice_per_class_or_region': [[numpy.float64(0.5), numpy.float32(0.25)]], 'lrs': [0.01]},
                '_best_ema': numpy.float64(0.5125), 'current_epoch': 2, 'trainer_name': folder.split('__')[0],
                'init_args': {'plans': plan, 'configuration': folder.split('__')[2], 'fold': 0, 'dataset_json': dataset, 'unpack_dataset': True, 'device': torch.device('cuda')}}
            if axes is not None:
                checkpoint['inference_allowed_mirroring_axes'] = axes
            torch.save(checkpoint, os.path.join(where, 'checkpoint_final.pth'))
            with torch.no_grad():
                network(data).numpy().tofile(os.path.join(where, 'logits.bin'))
            data.numpy().tofile(os.path.join(where, 'input.bin'))
            return network.state_dict()

        plain = [4, 6, 8], [[1, 3, 3], [3, 3, 3], [3, 3, 3]], [[1, 1, 1], [1, 2, 2], [2, 2, 2]], [2, 2, 2], [2, 2]
        residual = [4, 6, 6], [[3, 3, 3]] * 3, [[1, 1, 1], [2, 2, 2], [1, 2, 2]], [1, 2, 2], [1, 1]
        plain_plans, residual_plans = plans('nnUNetPlans', True, *plain, [4, 8, 8]), plans('nnUNetResEncUNetMPlans', False, *residual, [4, 8, 8])
        wrapped = lambda state: collections.OrderedDict(('module._orig_mod.' + key, value) for key, value in state.items())
        state = model('nnUNetTrainer__nnUNetPlans__3d_fullres', '0', plain_plans, (*plain, True), (0, 2))
        model('nnUNetTrainer__nnUNetPlans__3d_fullres', '1', plain_plans, (*plain, True), (0, 2), wrapped)
        model('nnUNetTrainer_2epochs__nnUNetResEncUNetMPlans__3d_fullres', 'all', residual_plans, (*residual, False), None)
        flat = [4, 6, 8], [[3, 3], [3, 3], [3, 3]], [[1, 1], [2, 2], [2, 2]], [2, 2, 2], [2, 2]
        Conv, Transposed, Norm = nn.Conv2d, nn.ConvTranspose2d, nn.InstanceNorm2d
        model('nnUNetTrainer__nnUNetPlans__2d', '0', plans('nnUNetPlans', True, *flat, [8, 16]), (*flat, True), (0, 1))


        """;

    /// <summary>values.pth and others with the same tensors; values.json says what they hold.</summary>
    private const string Values = """
        base = torch.arange(24, dtype=torch.float32)
        tensors = {'float': base.reshape(2, 3, 4) / 8, 'transposed': base.reshape(2, 3, 4).permute(2, 0, 1), 'slice': base.reshape(4, 6)[1:4:2, 1::2],
            'last': base[23:], 'scalar': torch.tensor(2.5), 'empty': torch.zeros(0, 3), 'repeated': torch.tensor([7.0]).expand(3, 2),
            'half': base.half() / 3, 'bfloat': base.bfloat16() / 3, 'double': base.double() / 3, 'long': torch.tensor([-2**62, 3]), 'int': torch.tensor([-5, 6]).int(),
            'short': torch.tensor([-300, 7]).short(), 'char': torch.tensor([-8, 8]).to(torch.int8), 'byte': torch.tensor([0, 255]).to(torch.uint8),
            'bool': torch.tensor([True, False]), 'parameter': nn.Parameter(base.reshape(4, 6)[:, 2]), 'channels_last': torch.rand(2, 3, 4, 5, 6).to(memory_format=torch.channels_last_3d)}
        others = {'set': {1, 2}, 'tuple': (1, (2, None)), 'large': 2**80, 'text': 'Ärzte', 'bytes': b'\x00\xff', 'nothing': b'', 'single': numpy.float32(0.25), 'count': numpy.int64(3),
            'array': numpy.zeros((2, 2)), 'objects': numpy.array([None, 'a'], dtype=object), 'size': base.shape, 'dtype': torch.bfloat16, 'device': torch.device('cuda', 1),
            'ordered': collections.OrderedDict(a=1), 3: 'three', 'frozen': frozenset([4]), 'flag': True, 'negative': -70000, 'deep': [[[[[[1.5]]]]]]}
        for name, options in (('values.pth', {}), ('values4.pth', {'pickle_protocol': 4}), ('old.pth', {'_use_new_zipfile_serialization': False})):
            torch.save({'tensors': tensors, 'others': others}, os.path.join(root, name), **options)
        with open(os.path.join(root, 'values.json'), 'w') as file:
            json.dump({name: {'shape': list(t.shape), 'values': t.detach().double().flatten().tolist()} for name, t in tensors.items()}, file)


        """;

    /// <summary>Pickles that run code when PyTorch loads them: that is checked here.</summary>
    private const string Hostile = """
        marker = os.path.join(root, 'executed')
        command = 'touch ' + marker

        class Payload:
            def __init__(self, function, *arguments):
                self.reduced = function, arguments
            def __reduce__(self):
                return self.reduced

        def text(value):
            return b'X' + len(value).to_bytes(4, 'little') + value.encode()

        import numpy.testing
        from numpy.testing._private.utils import runstring
        code = "open('" + marker + "', 'w').close()"
        inner = os.path.join(root, 'inner')
        torch.save(Payload(os.system, command), inner, _use_new_zipfile_serialization=False)
        objects = {
            'system': Payload(os.system, command), 'eval': Payload(eval, code), 'exec': Payload(exec, code), 'numpy': Payload(runstring, code, {}),
            'nested': {'network_weights': collections.OrderedDict(a=torch.zeros(2), b=[(Payload(os.system, command), 1)])},
            'bytes': Payload(torch.storage._load_from_bytes, open(inner, 'rb').read())}
        pickles = {
            'getattr': b'\x80\x02c__builtin__\ngetattr\nc__builtin__\n__import__\n' + text('os') + b'\x85R' + text('system') + b'\x86R' + text(command) + b'\x85R.',
            'inst': b'\x80\x02(' + text(command) + b'iposix\nsystem\n.',
            'obj': b'\x80\x02(cposix\nsystem\n' + text(command) + b'o.',
            'dotted': b'\x80\x04' + text('torch') + text('serialization.os.system') + b'\x93' + text(command) + b'\x85R.',
            'partial': b'\x80\x02cfunctools\npartial\ncposix\nsystem\n' + text(command) + b'\x86R)R.',
            'newobj': b'\x80\x02cbuiltins\nmap\ncposix\nsystem\n](' + text(command) + b'e\x86\x81q\x00cbuiltins\nlist\nh\x00\x85R.'}
        for name, value in objects.items():
            torch.save(value, os.path.join(root, name + '.hostile'))
        for name, value in pickles.items():
            with zipfile.ZipFile(os.path.join(root, name + '.hostile'), 'w') as archive:
                archive.writestr('archive/data.pkl', value)
                archive.writestr('archive/version', '3\n')
        for name in [*objects, *pickles]:
            try:
                torch.load(os.path.join(root, name + '.hostile'))
            except Exception as error:
                print(name, error)
            assert os.path.exists(marker), name
            os.remove(marker)
        """;
}
