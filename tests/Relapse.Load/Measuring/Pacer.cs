using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Relapse.Load.Measuring;

/// <summary>
/// Waits until a moment with a precision of microseconds. Sleeping in .NET is by whole milliseconds, and spinning alone
/// would take one of few cores from those who are measured.
/// </summary>
internal static class Pacer
{
    // What a sleeping thread oversleeps by, as a rule; the rest is spun away.
    private static readonly TimeSpan Oversleep = TimeSpan.FromMicroseconds(80);

    /// <summary>Returns at the moment, a timestamp of <see cref="Stopwatch"/>, or at once when it has passed.</summary>
    public static void WaitUntil(long moment)
    {
        var left = Left(moment);
        if (left > Oversleep && !OperatingSystem.IsWindows())
        {
            var pause = left - Oversleep;
            _ = Sleep(new Duration { Seconds = (nint)(pause.Ticks / TimeSpan.TicksPerSecond), Nanoseconds = (nint)(pause.Ticks % TimeSpan.TicksPerSecond * 100) }, 0);
        }

        while (Left(moment) > TimeSpan.Zero)
        {
            Thread.SpinWait(10);
        }
    }

    private static TimeSpan Left(long moment) => Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), moment);

    [DllImport("libc", EntryPoint = "nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sleep(in Duration pause, nint left);

    [StructLayout(LayoutKind.Sequential)]
    private struct Duration
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
