using Microsoft.Extensions.Logging;

namespace Luminarys.Runtime.Wasm;

internal static partial class Log
{
    [LoggerMessage(EventId = 3000, Level = LogLevel.Information, Message = "Loaded skill {Skill} from {Path} ({Digest}) in {ElapsedMs} ms; compiled code came from {Origin}")]
    public static partial void SkillLoaded(ILogger logger, string skill, string path, string digest, long elapsedMs, string origin);

    [LoggerMessage(EventId = 3001, Level = LogLevel.Information, Message = "Unloaded skill {Skill}")]
    public static partial void SkillUnloaded(ILogger logger, string skill);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Warning, Message = "Discarded an instance of skill {Skill} after call {Call} of {Method}: {Error}, {Reason} {Detail}")]
    public static partial void InstanceDiscarded(ILogger logger, string skill, string call, string method, string error, string reason, string detail);

    [LoggerMessage(EventId = 3004, Level = LogLevel.Warning, Message = "Ignored a new state of skill {Skill}: {Length} bytes, {Limit} are allowed")]
    public static partial void StateTooLarge(ILogger logger, string skill, int length, int limit);

    [LoggerMessage(EventId = 3005, Level = LogLevel.Warning, Message = "Skill {Skill} sent a request of {Length} bytes; its SDK holds {Limit}, so its instance was discarded after the call")]
    public static partial void ScratchOverflowed(ILogger logger, string skill, uint length, int limit);

    [LoggerMessage(EventId = 3006, Level = LogLevel.Error, Message = "The host failed in call {Call} of skill {Skill}")]
    public static partial void HostFailed(ILogger logger, string skill, string call, Exception exception);

    [LoggerMessage(EventId = 3010, Message = "Skill {Skill} wrote in call {Call}: {Text}")]
    public static partial void SkillWrote(ILogger logger, LogLevel level, string skill, string call, string text);

    [LoggerMessage(EventId = 3011, Level = LogLevel.Debug, Message = "Skill {Skill} printed: {Text}")]
    public static partial void SkillPrinted(ILogger logger, string skill, string text);

    [LoggerMessage(EventId = 3012, Level = LogLevel.Warning, Message = "Dropped {Count} log lines of skill {Skill} in one second")]
    public static partial void SkillLinesDropped(ILogger logger, string skill, int count);

    [LoggerMessage(EventId = 3020, Level = LogLevel.Warning, Message = "Compiled modules were not cached: {Reason}")]
    public static partial void CacheRefused(ILogger logger, string reason);

    [LoggerMessage(EventId = 3021, Level = LogLevel.Warning, Message = "Cached module {File} was damaged or tampered with; it was compiled again")]
    public static partial void CacheEntryRejected(ILogger logger, string file);

    [LoggerMessage(EventId = 3022, Level = LogLevel.Warning, Message = "Cached module {File} could not be used: {Reason}")]
    public static partial void CacheFailed(ILogger logger, string file, string reason);

    [LoggerMessage(EventId = 3023, Level = LogLevel.Information, Message = "Removed {Count} files of other engine versions or broken writes from {Directory}")]
    public static partial void CacheSwept(ILogger logger, int count, string directory);

    [LoggerMessage(EventId = 3030, Level = LogLevel.Warning, Message = "Denied {Function} of {Resource} to skill {Skill} in call {Call}: {Rule}; {Advice}")]
    public static partial void PermissionDenied(ILogger logger, string skill, string call, string function, string resource, string rule, string advice);

    [LoggerMessage(EventId = 3031, Level = LogLevel.Warning, Message = "Left out {Count} denials of skill {Skill} in one second")]
    public static partial void DenialsDropped(ILogger logger, string skill, int count);

    [LoggerMessage(EventId = 3050, Level = LogLevel.Error, Message = "The host failed in a connection of skill {Skill}")]
    public static partial void ConnectionFailed(ILogger logger, string skill, Exception exception);

    [LoggerMessage(EventId = 3051, Level = LogLevel.Debug, Message = "A WebSocket of skill {Skill} was closed without a farewell: {Reason}")]
    public static partial void FarewellFailed(ILogger logger, string skill, string reason);

    [LoggerMessage(EventId = 3060, Level = LogLevel.Error, Message = "Skill {Skill} cannot run programs: {Reason}")]
    public static partial void ShellHasNoRoom(ILogger logger, string skill, string reason);

    [LoggerMessage(EventId = 3061, Level = LogLevel.Warning, Message = "Programs of skill {Skill} ran with less protection: {Shortfall}")]
    public static partial void ProgramLessProtected(ILogger logger, string skill, string shortfall);

    [LoggerMessage(EventId = 3062, Level = LogLevel.Information, Message = "Programs of skill {Skill} leave their orphans to another process: one that hides from snapshots may outlive its limit")]
    public static partial void OrphansGoElsewhere(ILogger logger, string skill);

    [LoggerMessage(EventId = 3063, Level = LogLevel.Error, Message = "{Count} processes of skill {Skill} outlived their limit: the system did not end them")]
    public static partial void ProcessesLeft(ILogger logger, string skill, int count);

    [LoggerMessage(EventId = 3070, Level = LogLevel.Warning, Message = "Did not do command {Command} of skill {Skill} in call {Call}: {Reason}")]
    public static partial void CommandRefused(ILogger logger, string skill, string call, string command, string reason);

    [LoggerMessage(EventId = 3071, Level = LogLevel.Error, Message = "Command {Command} of skill {Skill} in call {Call} failed")]
    public static partial void CommandFailed(ILogger logger, string skill, string call, string command, Exception exception);

    [LoggerMessage(EventId = 3072, Level = LogLevel.Warning, Message = "Callback {Method} of skill {Skill} failed: {Error}, {Reason}")]
    public static partial void CallbackFailed(ILogger logger, string skill, string method, string error, string reason);

    [LoggerMessage(EventId = 3073, Level = LogLevel.Warning, Message = "Dropped callback {Method} of skill {Skill}: {Waiting} wait already")]
    public static partial void CallbackDropped(ILogger logger, string skill, string method, int waiting);

    [LoggerMessage(EventId = 3074, Level = LogLevel.Error, Message = "The new state of skill {Skill} could not be stored; its call failed")]
    public static partial void StateNotStored(ILogger logger, string skill, Exception exception);

    [LoggerMessage(EventId = 3075, Level = LogLevel.Error, Message = "The schedule of method {Method} of skill {Skill} could not be moved in the store")]
    public static partial void ScheduleFailed(ILogger logger, string skill, string method, Exception exception);

    [LoggerMessage(EventId = 3076, Level = LogLevel.Error, Message = "A family of host functions of skill {Skill} did not end well")]
    public static partial void FamilyNotDisposed(ILogger logger, string skill, Exception exception);

    [LoggerMessage(EventId = 3080, Level = LogLevel.Warning, Message = "The trust folder is doubtful: {Problem}")]
    public static partial void TrustDoubted(ILogger logger, string problem);

    [LoggerMessage(EventId = 3081, Level = LogLevel.Error, Message = "Version {Version} of package {Package} could not be remembered: a lower one could load after a restart")]
    public static partial void VersionNotRemembered(ILogger logger, string package, string version, Exception exception);

    [LoggerMessage(EventId = 3082, Level = LogLevel.Debug, Message = "Began to compile module {Digest}")]
    public static partial void CompilationBegan(ILogger logger, string digest);

    [LoggerMessage(EventId = 3090, Level = LogLevel.Information, Message = "{Record}")]
    public static partial void Audited(ILogger logger, string record);

    [LoggerMessage(EventId = 3091, Level = LogLevel.Debug, Message = "{Record}")]
    public static partial void CallAudited(ILogger logger, string record);
}
