namespace MetSeg.Learning.Training;

/// <summary>
/// What the loss is multiplied by, so that small gradients do not vanish in half floats: halved where gradients overflow, doubled after
/// 2,000 steps without.
/// </summary>
/// <param name="Factor">The multiplier. The default is 65,536.</param>
/// <param name="GoodSteps">Steps without overflow since it last changed.</param>
/// <remarks>Micikevicius et al., ICLR 2018; constants of torch.amp.GradScaler.</remarks>
public sealed record LossScale(double Factor = 65536, int GoodSteps = 0)
{
    private const int StepsToGrow = 2000;

    /// <summary>The multiplier after a step.</summary>
    /// <param name="overflowed">Whether a gradient of the step was not finite.</param>
    public LossScale After(bool overflowed) => overflowed ? new LossScale(Factor / 2)
        : GoodSteps + 1 == StepsToGrow ? new LossScale(Factor * 2)
        : this with { GoodSteps = GoodSteps + 1 };
}
