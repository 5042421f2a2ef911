using Microsoft.Extensions.Options;

namespace Luminarys.Cluster;

/// <summary>Finds everything that is wrong with a slave's options.</summary>
internal sealed class SlaveOptionsValidator : IValidateOptions<SlaveOptions>
{
    private const int MaxCalls = 65536;

    public ValidateOptionsResult Validate(string? name, SlaveOptions options)
    {
        var problems = new List<string>();
        OptionRules.CheckIds(problems, options.ClusterId, options.NodeId);
        OptionRules.CheckKeys(problems, options.NodeKeyFile, options.TrustedNodes);
        OptionRules.CheckTimes(problems, options.HeartbeatInterval, options.NodeTtl, options.DrainLimit);
        OptionRules.CheckRange(problems, nameof(options.NodeIdRetryInterval), options.NodeIdRetryInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        OptionRules.CheckRange(problems, nameof(options.NodeIdRetryLimit), options.NodeIdRetryLimit, TimeSpan.Zero, TimeSpan.FromHours(1));
        if (options.MaxConcurrentCalls is < 1 or > MaxCalls)
        {
            problems.Add($"MaxConcurrentCalls {options.MaxConcurrentCalls} must be from 1 to {MaxCalls}.");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
