using Microsoft.Extensions.Options;

namespace Luminarys.Cluster;

/// <summary>Finds everything that is wrong with a master's options.</summary>
internal sealed class MasterOptionsValidator : IValidateOptions<MasterOptions>
{
    public ValidateOptionsResult Validate(string? name, MasterOptions options)
    {
        var problems = new List<string>();
        OptionRules.CheckIds(problems, options.ClusterId, options.NodeId);
        OptionRules.CheckKeys(problems, options.NodeKeyFile, options.TrustedNodes);
        OptionRules.CheckTimes(problems, options.HeartbeatInterval, options.NodeTtl, options.DrainLimit);
        OptionRules.CheckRange(problems, nameof(options.AcknowledgementWait), options.AcknowledgementWait, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(60));
        OptionRules.CheckRange(problems, nameof(options.SilenceLimit), options.SilenceLimit, TimeSpan.FromSeconds(6), TimeSpan.FromMinutes(10));
        OptionRules.CheckRange(problems, nameof(options.EpochProbeWait), options.EpochProbeWait, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10));
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
